import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Closing, Target } from '../../../lab/agent/arguments.js';
import { drive } from '../../../lab/agent/drive.js';
import { kernelSockets } from '../../../lab/agent/kernelSocket.js';
import { LocalPorts } from '../../../lab/agent/localPorts.js';
import { listen, realserver, reply } from './servers.js';

/** Each test file's process starts somewhere else in the range, so that runs one after the other do not meet. */
let nextPort = 10_000 + (process.pid % 150) * 100;

function start(target: Target, closing: Closing, count = 3, stop = AbortSignal.timeout(5000)) {
  nextPort += 200;
  const ports = new LocalPorts(nextPort);
  return drive(kernelSockets({ target, sourceAddress: '127.0.0.1', ports, closing }), count, stop);
}

describe('drive with kernel sockets', () => {
  it('lets the server close first, then closes with FIN', async () => {
    await using server = await listen(realserver);
    const report = await start(server.target, { first: 'server', how: 'fin' }, 20);
    expect(report).toMatchObject({ requested: 20, nonBlockingConnect: true });
    expect(report.finishedAt).toBeGreaterThanOrEqual(report.startedAt);
    expect(report.connections).toHaveLength(20);
    for (const connection of report.connections) {
      expect(connection).toMatchObject({
        localAddress: '127.0.0.1',
        connected: true,
        bytesReceived: reply.length,
        httpStatus: 200,
        complete: true,
        serverClosed: true,
        clientClosed: 'fin',
        error: undefined,
      });
    }
    expect(new Set(report.connections.map(({ localPort }) => localPort)).size).toBe(20);
    await vi.waitFor(() => {
      expect(server.seen.map((seen) => seen.join(' '))).toEqual(Array(20).fill('request end close'));
    });
  });

  it('closes first with FIN when the reply is complete', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'client', how: 'fin' });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: true });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'end', 'close']);
    });
  });

  it('closes with RST, which the server sees as a reset', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'client', how: 'rst' });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'rst', error: undefined });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'reset', 'close']);
    });
  });

  it('answers a server that closed first with RST when told to', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'server', how: 'rst' });
    expect(connections[0]).toMatchObject({ complete: true, serverClosed: true, clientClosed: 'rst' });
    await vi.waitFor(() => {
      expect(server.seen[0]).toContain('reset');
    });
  });

  it('half-closes right behind the request and still reads the reply', async () => {
    const order: string[] = [];
    await using server = await listen((socket) => {
      // The reply waits for the client's FIN, so that only a client that sent it early gets one.
      socket.prependOnceListener('end', () => {
        order.push('end');
        socket.write(reply);
      });
    });
    const { connections } = await start(server.target, { first: 'client', how: 'half-close' }, 1);
    expect(order).toEqual(['end']);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close', serverClosed: true });
  });

  it('leaves a server that never closes after two seconds', async () => {
    await using server = await listen((socket) => {
      socket.removeAllListeners('end');
      socket.write(reply);
    });
    const { connections, startedAt, finishedAt } = await start(
      server.target,
      { first: 'client', how: 'fin' },
      1,
    );
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: false });
    expect(finishedAt - startedAt).toBeLessThan(4);
  });

  it('reports a refused connection with its port and error', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { connections } = await start({ host: '127.0.0.1', port }, { first: 'server', how: 'fin' }, 1);
    expect(connections).toEqual([
      {
        localAddress: '127.0.0.1',
        localPort: nextPort,
        connected: false,
        bytesSent: 0,
        bytesReceived: 0,
        httpStatus: undefined,
        complete: false,
        serverClosed: false,
        clientClosed: undefined,
        error: 'ECONNREFUSED',
      },
    ]);
  });

  it('reports what it has when time is up and the server never answered', async () => {
    await using server = await listen(() => undefined);
    const report = await start(server.target, { first: 'server', how: 'fin' }, 2, AbortSignal.timeout(300));
    expect(report.connections).toHaveLength(2);
    expect(report.connections[0]).toMatchObject({
      connected: true,
      complete: false,
      clientClosed: undefined,
      error: undefined,
    });
    expect(report.connections[0]?.bytesSent).toBeGreaterThan(0);
  });

  it('reports a reply that broke off as incomplete', async () => {
    await using server = await listen((socket) => socket.end(reply.slice(0, -2)));
    const { connections } = await start(server.target, { first: 'server', how: 'fin' }, 1);
    expect(connections[0]).toMatchObject({ httpStatus: 200, complete: false, serverClosed: true });
  });

  it('reports a reset by the server', async () => {
    await using server = await listen((socket) => socket.resetAndDestroy());
    const { connections } = await start(server.target, { first: 'server', how: 'fin' }, 1);
    expect(connections[0]).toMatchObject({ connected: true, complete: false, error: 'ECONNRESET' });
  });

  it('takes the next port when one belongs to somebody else', async () => {
    await using server = await listen(realserver);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(nextPort + 200, '127.0.0.1', resolve));
    const { connections } = await start(server.target, { first: 'server', how: 'fin' }, 2);
    await new Promise((resolve) => squatter.close(resolve));
    expect(connections.map(({ localPort }) => localPort).sort()).toEqual([nextPort + 1, nextPort + 2]);
    expect(connections.every(({ complete }) => complete)).toBe(true);
  });

  it('gives up on an address that is not its own', async () => {
    const ports = new LocalPorts(nextPort + 100);
    const client = kernelSockets({
      target: { host: '127.0.0.1', port: 9 },
      sourceAddress: '203.0.113.9',
      ports,
      closing: { first: 'server', how: 'fin' },
    });
    const { connections } = await drive(client, 1, AbortSignal.timeout(5000));
    expect(connections[0]).toMatchObject({ connected: false, error: 'EADDRNOTAVAIL' });
  });
});
