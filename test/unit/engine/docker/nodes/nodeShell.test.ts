import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker } from '../../../../../src/engine/docker/connection.js';
import { dockerExecs } from '../../../../../src/engine/docker/nodes/execStream.js';
import { NodeShell } from '../../../../../src/engine/docker/nodes/nodeShell.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { tempFolder } from '../../tempFolder.js';

/** A shell in an engine whose one container is this machine: what is asked to be run there is run here, /lab being where its scripts come from. */
async function shell(): Promise<NodeShell> {
  const socketPath = path.join(tempFolder(), 'docker.sock');
  let argv: readonly string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      argv = (JSON.parse(body) as { readonly Cmd: readonly string[] }).Cmd;
      response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"Id":"e1"}');
    });
  });
  server.on('upgrade', (_request: IncomingMessage, connection: Duplex) => {
    connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    const [program = '', ...rest] = argv;
    const here = rest.map((word) => word.replace(/^\/lab(?=\/)/, path.join(packageRoot, 'lab/node')));
    const child = spawn(program, here);
    onTestFinished(() => {
      child.kill();
    });
    connection.pipe(child.stdin);
    child.stdout.on('data', (piece: Buffer) => connection.write(frame(1, piece)));
    child.stderr.on('data', (piece: Buffer) => connection.write(frame(2, piece)));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const docker = await connectDocker({ kind: 'socket', socketPath });
  return new NodeShell({ docker, open: dockerExecs(docker) }, 'node');
}

/** As Docker frames output: which stream, three zeros, the length. */
function frame(stream: 1 | 2, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

const seconds = 30;

describe('NodeShell', () => {
  it('runs one command after the other, each with its own outputs and exit code', async () => {
    const node = await shell();
    const one = node.run(['sh', '-c', "printf 'no line end'; echo error >&2; exit 3"], { seconds });
    const other = node.run(['echo', '@@ ended 7'], { seconds });
    expect(await one).toEqual({ exitCode: 3, stdout: 'no line end', stderr: 'error\n' });
    expect(await other).toEqual({ exitCode: 0, stdout: '@@ ended 7\n', stderr: '' });
  });

  it('gives a command its input and no other command any of it', async () => {
    const node = await shell();
    const input = `${'ä$(id)\'"\\'.repeat(30_000)}\n`;
    expect((await node.run(['cat'], { seconds, input })).stdout).toBe(input);
    expect((await node.run(['cat'], { seconds })).stdout).toBe('');
    // What is not read is gone with who did not read it.
    expect((await node.run(['head', '-c', '2'], { seconds, input })).stdout).toBe('ä');
    expect(await node.run(['true'], { seconds, input })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect((await node.run(['echo', 'next'], { seconds })).stdout).toBe('next\n');
  });

  it('finds the end of output of any length', async () => {
    const node = await shell();
    const { stdout } = await node.run(['head', '-c', '8000000', '/dev/zero'], { seconds });
    expect(stdout).toHaveLength(8_000_000);
  });
});
