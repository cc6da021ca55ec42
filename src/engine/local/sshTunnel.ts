import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { shellQuote } from '../../support/quote.js';
import { makeScratch } from '../lifetime/scratch.js';
import type { SshHost } from './dockerEndpoint.js';

/** A Unix socket of this machine that leads to an engine of another. */
export interface SshTunnel extends AsyncDisposable {
  readonly socketPath: string;
  /** The last that `ssh` complained of; empty: of nothing. */
  readonly complaint: () => string;
}

/** The most of what `ssh` says that is kept, in characters. */
const mostSaid = 2000;

/**
 * Opens a socket, each connection of which is one to the engine by `ssh HOST docker system dial-stdio`, as the docker command makes them.
 * Rejects with LabError where the socket cannot be made.
 */
export async function openSshTunnel(host: SshHost): Promise<SshTunnel> {
  const { directory, remove } = await makeScratch(`ssh-${randomBytes(4).toString('hex')}`);
  const running = new Set<ChildProcess>();
  let said = '';
  const note = (text: string): void => void (said = `${said}${text}`.slice(-mostSaid));
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // A session of its own: Ctrl-C is this program's to act on, and it has labs to remove by this way.
    const ssh = spawn('ssh', sshArguments(host), { detached: true });
    running.add(ssh);
    socket.pipe(ssh.stdin);
    ssh.stdout.pipe(socket);
    ssh.stderr.on('data', (chunk: Buffer) => {
      note(chunk.toString());
    });
    // What is written to a process that has ended is told by its end.
    ssh.stdin.on('error', () => undefined);
    ssh.on('error', ({ message }) => {
      note(message);
      socket.destroy();
    });
    ssh.on('close', () => running.delete(ssh));
    socket.on('error', () => undefined);
    socket.on('close', () => ssh.kill());
  });
  const socketPath = path.join(directory, 'docker.sock');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, resolve);
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    socketPath,
    complaint: () => said.trim(),
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const ssh of running) ssh.kill();
      await remove();
    },
  };
}

/** Arguments of `ssh`, as the docker command gives them. */
export function sshArguments({ host, user, port, socketPath }: SshHost): readonly string[] {
  const engine = socketPath === undefined ? [] : ['--host', `unix://${socketPath}`];
  return [
    ...['-o', 'ConnectTimeout=30', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', host, shellQuote(['docker', ...engine, 'system', 'dial-stdio'])],
  ];
}
