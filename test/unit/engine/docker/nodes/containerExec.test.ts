import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker } from '../../../../../src/engine/docker/connection.js';
import { runExec, startExec } from '../../../../../src/engine/docker/nodes/containerExec.js';
import { dockerExecs } from '../../../../../src/engine/docker/nodes/execStream.js';
import { execFrame } from '../../execFrame.js';
import { tempFolder } from '../../tempFolder.js';

interface Inspected {
  readonly Running: boolean;
  readonly ExitCode: number | null;
}

/** An engine with one container, whose execs print `output`. */
async function engine(
  print: (connection: Duplex) => void,
  inspected: Inspected = { Running: false, ExitCode: 0 },
) {
  const socketPath = path.join(tempFolder(), 'docker.sock');
  const created: unknown[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.url === '/containers/node/exec') created.push(JSON.parse(body));
      response.setHeader('Content-Type', 'application/json');
      if (request.url?.endsWith('/exec')) response.writeHead(201).end('{"Id":"e1"}');
      else response.end(JSON.stringify(inspected));
    });
  });
  server.on('upgrade', (_request: IncomingMessage, connection: Duplex) => {
    connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    print(connection);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { docker: await connectDocker({ kind: 'socket', socketPath }), created };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

describe('runExec', () => {
  it('gives both outputs apart, and an exit code that is not zero is no error', async () => {
    const { docker, created } = await engine(
      (connection) => {
        connection.write(execFrame(1, 'out 1\n'));
        connection.write(execFrame(2, 'error\n'));
        connection.end(execFrame(1, 'out 2\n'));
      },
      { Running: false, ExitCode: 3 },
    );
    expect(await runExec(docker, 'node', ['ss', '-tan'], { seconds: 5 })).toEqual({
      exitCode: 3,
      stdout: 'out 1\nout 2\n',
      stderr: 'error\n',
    });
    expect(created).toEqual([
      { Cmd: ['ss', '-tan'], AttachStdin: false, AttachStdout: true, AttachStderr: true },
    ]);
  });

  it('puts frames together that arrive in pieces', async () => {
    const content = execFrame(1, 'x'.repeat(100_000));
    const { docker } = await engine((connection) => {
      connection.write(content.subarray(0, 3));
      setImmediate(() => connection.end(content.subarray(3)));
    });
    expect((await runExec(docker, 'node', ['cat'], { seconds: 5 })).stdout).toHaveLength(100_000);
  });

  it('rejects, naming command and container, when the command takes too long', async () => {
    const { docker } = await engine(() => undefined);
    await expect(runExec(docker, 'node', ['sleep', '1 d'], { seconds: 0.05 })).rejects.toThrow(
      "expected `sleep '1 d'` in node to end within 50 ms",
    );
  });

  it('rejects when the connection ends and the command has not', async () => {
    const { docker } = await engine((connection) => connection.end(), { Running: true, ExitCode: null });
    await expect(runExec(docker, 'node', ['true'], { seconds: 5 })).rejects.toThrow(
      'the connection to the engine ended before the command did',
    );
  });
});

describe('startExec', () => {
  it('gives output while the command is running', async () => {
    let finish!: () => void;
    const { docker } = await engine((connection) => {
      connection.write(execFrame(2, 'listening on eth0\n'));
      connection.write(execFrame(1, 'packet'));
      finish = () => connection.end();
    });
    const command = await startExec(docker, dockerExecs(docker), {
      container: 'node',
      argv: ['tcpdump'],
      stdin: false,
    });
    let ended = false;
    void command.done.then(() => (ended = true));
    expect(String(await new Promise((resolve) => command.stdout.once('data', resolve)))).toBe('packet');
    await expect.poll(() => command.stderr(), { interval: 2 }).toBe('listening on eth0\n');
    expect(ended).toBe(false);
    finish();
    command.stdout.resume();
    expect(await command.done).toBe(0);
  });
});
