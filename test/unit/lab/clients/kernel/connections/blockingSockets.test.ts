import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { LoadPattern } from '../../../../../../src/contracts/agents/load.js';
import type { Closing } from '../../../../../../lab/clients/http/requests.js';
import { blockingSockets } from '../../../../../../lab/clients/kernel/connections/blockingSockets.js';
import type { LocalPorts } from '../../../../../../lab/clients/kernel/connections/localPorts.js';
import { clientFirst, driveAtOnce, freshPorts, halfClose, serverFirst, pattern } from '../../dialogues.js';
import { listen, realserver, reply, type TestServer } from '../../../servers.js';
import { slowPerl } from '../../../slowPerl.js';

interface Variation {
  readonly say?: Partial<LoadPattern>;
  readonly count?: number;
  readonly ports?: LocalPorts | undefined;
  readonly seconds?: number;
}

function start({ host, port }: TestServer['target'], closing: Closing, variation: Variation = {}) {
  const { say, count = 1, seconds } = variation;
  const ports = 'ports' in variation ? variation.ports : freshPorts().ports;
  const client = blockingSockets({
    sourceAddress: host,
    pattern: { ...pattern, ...say },
    closing,
    ports,
  });
  return driveAtOnce(client, { host, port }, count, seconds);
}

describe('a blocking socket', () => {
  it.each(['127.0.0.1', '::1'])('to %s lets the server close first, then closes with FIN', async (host) => {
    await using server = await listen(realserver, host);
    const { ports, first } = freshPorts();
    const report = await start(server.target, serverFirst, { count: 3, ports });
    expect(report).toMatchObject({ nonBlockingConnect: false, requested: 3 });
    expect(report.connections.map(({ localPort }) => localPort)).toEqual([first, first + 1, first + 2]);
    for (const connection of report.connections) {
      expect(connection).toMatchObject({
        localAddress: host,
        port: server.target.port,
        connected: true,
        bytesReceived: reply.length,
        httpStatus: 200,
        complete: true,
        serverClosed: true,
        clientClosed: 'fin',
        error: undefined,
      });
      expect(connection.openedAt).toBeGreaterThanOrEqual(report.startedAt);
      expect(connection.connectSeconds).toBeLessThan(1);
      expect(connection.firstByteSeconds).toBeGreaterThanOrEqual(connection.connectSeconds ?? NaN);
    }
    expect(server.requests.map(({ path }) => path)).toEqual(Array(3).fill('/close/text'));
    await vi.waitFor(() => {
      expect(server.seen.map((seen) => seen.join(' '))).toEqual(Array(3).fill('request end close'));
    });
  });

  it('closes first with FIN when the reply is complete', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, clientFirst);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: true });
    expect(server.seen[0]?.slice(0, 2)).toEqual(['request', 'end']);
  });

  it('closes with RST, which the server sees as a reset', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'client', how: 'rst', after: 0 });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'rst', serverClosed: false });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'reset', 'close']);
    });
  });

  it('half-closes right behind its upload and still reads the reply', async () => {
    await using server = await listen((socket) => {
      socket.prependOnceListener('end', () => socket.write(reply));
    });
    const { connections } = await start(server.target, halfClose, { say: { upload: 20_000 } });
    expect(server.requests[0]).toMatchObject({ path: '/keep-late/upload', bodyBytes: 20_000 });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close', serverClosed: true });
    expect(connections[0]?.bytesSent).toBeGreaterThan(20_000);
  });

  it('downloads', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, serverFirst, { say: { download: 200_000 } });
    expect(connections[0]).toMatchObject({ httpStatus: 206, complete: true });
    expect(connections[0]?.bytesReceived).toBeGreaterThan(200_000);
  });

  it('leaves a server that never closes after two seconds', async () => {
    await using server = await listen((socket) => {
      socket.removeAllListeners('end');
      socket.write(reply);
    });
    const { connections, startedAt, finishedAt } = await start(server.target, clientFirst);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: false });
    expect(finishedAt - startedAt).toBeGreaterThan(1.9);
    expect(finishedAt - startedAt).toBeLessThan(4);
  });

  it('reports a reply that broke off as incomplete', async () => {
    await using server = await listen((socket) => socket.end(reply.slice(0, -2)));
    const { connections } = await start(server.target, serverFirst);
    expect(connections[0]).toMatchObject({ httpStatus: 200, complete: false, serverClosed: true });
  });

  it('reports what it has when time is up, and lets go', async () => {
    await using server = await listen(() => undefined);
    const { connections } = await start(server.target, serverFirst, { seconds: 0.5 });
    expect(connections[0]).toMatchObject({ connected: true, complete: false, error: undefined });
    expect(connections[0]?.bytesSent).toBeGreaterThan(0);
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'end', 'close']);
    });
  });

  it('tells one that time did not let call connect() from one that did', async () => {
    await using server = await listen(() => undefined);
    const { connections: quick } = await start(server.target, serverFirst, { seconds: 1 });
    expect(quick[0]).toMatchObject({ connectCalled: true, connected: true });
    vi.stubEnv('PATH', slowPerl(3));
    const { connections: slow } = await start(server.target, serverFirst, { seconds: 0.3 });
    vi.unstubAllEnvs();
    expect(slow[0]).toMatchObject({ connectCalled: false, connected: false, error: undefined });
    expect(server.seen).toHaveLength(1);
  });

  it('lets go of what was made ready and not used', async () => {
    await using server = await listen(realserver);
    const { host, port } = server.target;
    const client = blockingSockets({
      ...{ sourceAddress: host, pattern, closing: serverFirst },
      ports: freshPorts().ports,
    });
    let started = 0;
    await client.makeReady?.(2, () => (started += 1));
    expect(started).toBe(2);
    expect(server.seen).toEqual([]);
    const { connections } = await driveAtOnce(client, { host, port }, 1);
    expect(connections[0]).toMatchObject({ complete: true });
    client.dismiss?.();
    await vi.waitFor(() => {
      const programs = execFileSync('ps', ['-o', 'ppid=,args=', '-A']).toString().split('\n');
      const mine = programs.filter((line) => line.trim().startsWith(`${process.pid} /lab/agent.cjs`));
      expect(mine).toEqual([]);
    });
    expect(server.seen).toHaveLength(1);
  });

  it('reports a reset by the server', async () => {
    await using server = await listen((socket) => socket.resetAndDestroy());
    const { connections } = await start(server.target, serverFirst);
    expect(connections[0]).toMatchObject({ connected: true, complete: false, error: 'ECONNRESET' });
  });

  it('takes the next port when one belongs to somebody else', async () => {
    await using server = await listen(realserver);
    const { ports, first } = freshPorts();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first, '127.0.0.1', resolve));
    const { connections } = await start(server.target, serverFirst, { ports });
    await new Promise((resolve) => squatter.close(resolve));
    expect(connections[0]).toMatchObject({ localPort: first + 1, complete: true, error: undefined });
  });

  it.each(['127.0.0.1', '::1'])(
    'has the port that the kernel picks when it has none, to %s',
    async (host) => {
      let peer: number | undefined;
      await using server = await listen((socket, path, request) => {
        peer = socket.remotePort;
        realserver(socket, path, request);
      }, host);
      const { connections } = await start(server.target, serverFirst, { ports: undefined });
      expect(connections[0]).toMatchObject({ localAddress: host, localPort: peer, complete: true });
    },
  );

  it.each(['own', 'kernel'])(
    'reports a refused connection with its port and error (%s port)',
    async (kind) => {
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      const ports = kind === 'own' ? freshPorts().ports : undefined;
      const { connections } = await start({ host: '127.0.0.1', port }, serverFirst, { ports });
      expect(connections[0]).toMatchObject({
        localAddress: '127.0.0.1',
        connected: false,
        connectSeconds: undefined,
        error: 'ECONNREFUSED',
      });
      expect(connections[0]?.localPort).toBeGreaterThan(1023);
    },
  );
});
