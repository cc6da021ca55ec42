import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { GuestRelay, type RelayOptions } from '../../../../../src/engine/vm/relay/guestRelay.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { tempFolder } from '../../tempFolder.js';

/** What a connection to the stand-in of Docker does. */
export type Serve = (connection: Socket) => void;

/** lab/guest/relay.pl on this machine, between stand-ins of a virtio port and of Docker's socket. */
export interface Guest {
  /** The socket that QEMU has for the port. */
  readonly port: string;
  /** The socket of what is in Docker's place. */
  readonly docker: string;
  /** Connects to it; the connection is closed when the test is over. */
  readonly connect: (options?: RelayOptions) => Promise<GuestRelay>;
  /** How the program ended, and what it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

async function listen(socketPath: string, serve: Serve): Promise<Server> {
  const connections = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    serve(connection);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  return server;
}

/** A virtio port has one host at a time, and reads as ended in the guest while it has none. */
async function virtioPort(hostPath: string, guestPath: string): Promise<void> {
  const hosts: Socket[] = [];
  let guest: Socket | undefined;
  const join = (): void => {
    const [host] = hosts;
    if (host === undefined || guest === undefined || guest.destroyed) return;
    host.pipe(guest);
    guest.pipe(host);
  };
  await listen(hostPath, (connection) => {
    hosts.push(connection);
    connection.on('end', () => connection.destroy());
    connection.on('close', () => {
      hosts.shift();
      guest?.destroy();
    });
    if (hosts.length === 1) join();
  });
  await listen(guestPath, (connection) => {
    if (hosts.length === 0) {
      connection.destroy();
      return;
    }
    guest = connection;
    join();
  });
}

/** The test machine's clock is not the tests' to set. */
const withoutClock = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-sys_time'] : [];

/** Starts the program, with a server in place of Docker. */
export async function startGuest(serve: Serve): Promise<Guest> {
  const docker = path.join(tempFolder(), 'docker');
  await listen(docker, serve);
  return { ...(await startRelay(docker)), docker };
}

/** Starts the program before a socket of Docker's. */
export async function startRelay(docker: string): Promise<Omit<Guest, 'docker'>> {
  const folder = tempFolder();
  const at = (name: string): string => path.join(folder, name);
  await virtioPort(at('host'), at('port'));
  const relay = path.join(packageRoot, 'lab', 'guest', 'relay.pl');
  const argv = [...withoutClock, 'perl', relay, at('port'), docker];
  const child = spawn('env', argv, { stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(([[code], stderr]) => ({
    code: code as number | null,
    stderr,
  }));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const connect = async (options?: RelayOptions): Promise<GuestRelay> => {
    const host = await GuestRelay.connect(at('host'), options);
    onTestFinished(() => {
      host.close();
    });
    return host;
  };
  return { port: at('host'), connect, ended };
}

/** Sends back what it gets, and ends when it has got it all. */
export const echo: Serve = (connection) => {
  connection.pipe(connection);
};

/** All that comes until the other side ends; unlike `text` of node:stream/consumers it leaves the own side open. */
export async function untilEnd(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await once(stream, 'end');
  return Buffer.concat(pieces).toString();
}
