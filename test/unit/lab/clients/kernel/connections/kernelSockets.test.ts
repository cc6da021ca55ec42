import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { LoadPattern } from '../../../../../../src/contracts/agents/load.js';
import type { Closing } from '../../../../../../lab/clients/http/requests.js';
import type { LocalPorts } from '../../../../../../lab/clients/kernel/connections/localPorts.js';
import { kernelSockets } from '../../../../../../lab/clients/kernel/connections/kernelSockets.js';
import { clientFirst, driveAtOnce, freshPorts, halfClose, serverFirst, pattern } from '../../dialogues.js';
import { listen, realserver, reply, type TestServer } from '../../../servers.js';

interface Variation {
  readonly say?: Partial<LoadPattern>;
  readonly count?: number;
  readonly ports?: LocalPorts | undefined;
  readonly reopen?: number;
  readonly seconds?: number;
}

function start(target: TestServer['target'], closing: Closing, variation: Variation = {}) {
  const { say, count = 1, reopen = 0, seconds } = variation;
  const client = kernelSockets({
    sourceAddress: target.host,
    pattern: { ...pattern, ...say },
    closing,
    ports: 'ports' in variation ? variation.ports : freshPorts().ports,
    reopen,
  });
  return driveAtOnce(client, target, count, seconds);
}

/** A server that takes the request and never says a word. */
const silent = () => listen(() => undefined);

async function squat(port: number): Promise<Server> {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  return squatter;
}

/** A port of loopback where nobody listens. */
async function closedPort(): Promise<number> {
  const server = await squat(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a kernel socket', () => {
  it.each(['127.0.0.1', '::1'])('to %s lets the server close first, then closes with FIN', async (host) => {
    await using server = await listen(realserver, host);
    const report = await start(server.target, serverFirst, { count: 20 });
    expect(report).toMatchObject({ requested: 20, nonBlockingConnect: true });
    expect(report.connections).toHaveLength(20);
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
      expect(connection.connectSeconds).toBeLessThan(5);
      expect(connection.firstByteSeconds).toBeGreaterThanOrEqual(connection.connectSeconds ?? NaN);
    }
    expect(new Set(report.connections.map(({ localPort }) => localPort)).size).toBe(20);
    await vi.waitFor(() => {
      expect(server.seen.map((seen) => seen.join(' '))).toEqual(Array(20).fill('request end close'));
    });
  });

  it('follows a server that closed as late as it is told to', async () => {
    await using server = await listen(realserver);
    const report = await start(server.target, { ...serverFirst, after: 0.3 });
    expect(report.connections[0]).toMatchObject({ complete: true, serverClosed: true, clientClosed: 'fin' });
    const took = report.finishedAt - (report.connections[0]?.openedAt ?? NaN);
    expect(took).toBeGreaterThanOrEqual(0.3);
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'end', 'close']);
    });
  });

  it('closes first with FIN when the reply is complete', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, clientFirst);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: true });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'end', 'close']);
    });
  });

  it('closes with RST, which the server sees as a reset', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'client', how: 'rst', after: 0 });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'rst', error: undefined });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'reset', 'close']);
    });
  });

  it('answers a server that closed first with RST when told to', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, { first: 'server', how: 'rst', after: 0 });
    expect(connections[0]).toMatchObject({ complete: true, serverClosed: true, clientClosed: 'rst' });
    await vi.waitFor(() => {
      expect(server.seen[0]).toContain('reset');
    });
  });

  it('half-closes right behind the request and still reads the reply', async () => {
    await using server = await listen((socket) => {
      // The reply waits for the client's FIN, so that only a client that sent it early gets one.
      socket.prependOnceListener('end', () => socket.write(reply));
    });
    const { connections } = await start(server.target, halfClose);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close', serverClosed: true });
  });

  it('does not close before the reply unless it half-closes', async () => {
    await using server = await listen((socket) => {
      socket.prependOnceListener('end', () => socket.write(reply));
    });
    const { connections } = await start(server.target, clientFirst, { seconds: 0.4 });
    expect(connections[0]).toMatchObject({ connected: true, complete: false, clientClosed: undefined });
  });

  it('leaves a server that never closes after two seconds', async () => {
    await using server = await listen((socket) => {
      socket.removeAllListeners('end');
      socket.write(reply);
    });
    const { connections, startedAt, finishedAt } = await start(server.target, clientFirst);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin', serverClosed: false });
    expect(finishedAt - startedAt).toBeLessThan(4);
  });

  it('reports a refused connection with its port and error', async () => {
    const port = await closedPort();
    const { ports, first } = freshPorts();
    const { connections } = await start({ host: '127.0.0.1', port }, serverFirst, { ports });
    expect(connections).toEqual([
      {
        localAddress: '127.0.0.1',
        localPort: first,
        port,
        address: '127.0.0.1',
        openedAt: expect.closeTo(Date.now() / 1000, -1) as number,
        connectSeconds: undefined,
        portWaitSeconds: 0,
        firstByteSeconds: undefined,
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
    await using server = await silent();
    const report = await start(server.target, serverFirst, { count: 2, seconds: 0.3 });
    expect(report.connections).toHaveLength(2);
    expect(report.connections[0]).toMatchObject({
      connected: true,
      complete: false,
      clientClosed: undefined,
      firstByteSeconds: undefined,
      error: undefined,
    });
    expect(report.connections[0]?.bytesSent).toBeGreaterThan(0);
  });

  it('reports a reply that broke off as incomplete', async () => {
    await using server = await listen((socket) => socket.end(reply.slice(0, -2)));
    const { connections } = await start(server.target, serverFirst);
    expect(connections[0]).toMatchObject({ httpStatus: 200, complete: false, serverClosed: true });
  });

  it('reports a reset by the server', async () => {
    await using server = await listen((socket) => socket.resetAndDestroy());
    const { connections } = await start(server.target, serverFirst);
    expect(connections[0]).toMatchObject({ connected: true, complete: false, error: 'ECONNRESET' });
  });

  it('gives up on an address that is not its own', async () => {
    const client = kernelSockets({
      sourceAddress: '203.0.113.9',
      pattern,
      closing: serverFirst,
      ports: freshPorts().ports,
      reopen: 0,
    });
    const { connections } = await driveAtOnce(client, { host: '127.0.0.1', port: 9 }, 1);
    expect(connections[0]).toMatchObject({ connected: false, error: 'EADDRNOTAVAIL' });
  });
});

describe('a kernel socket that asks for nothing', () => {
  it('opens, stays silent for as long as it is told, and closes', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(
      server.target,
      { first: 'client', how: 'fin', after: 0 },
      {
        say: { requests: 0, idle: 0.2 },
      },
    );
    expect(server.requests).toEqual([]);
    expect(server.seen).toHaveLength(1);
    expect(connections[0]).toMatchObject({
      connected: true,
      complete: true,
      bytesSent: 0,
      bytesReceived: 0,
      clientClosed: 'fin',
    });
  });
});

describe('a kernel socket that is never answered', () => {
  const unanswered = { upload: 300_000, reply: false } as const;
  const closes = (how: 'fin' | 'rst'): Closing => ({ first: 'client', how, after: 0 });

  it('closes right behind what it sends, and is done', async () => {
    await using server = await silent();
    const { connections } = await start(server.target, clientFirst, { say: unanswered });
    expect(server.requests).toMatchObject([{ path: '/never/upload', bodyBytes: 300_000 }]);
    expect(connections[0]).toMatchObject({
      ...{ complete: true, unanswered: true, bytesReceived: 0, httpStatus: undefined },
      ...{ clientClosed: 'fin', serverClosed: true, error: undefined },
    });
    expect(server.seen[0]).toEqual(['request', 'end', 'close']);
  });

  it.each(['fin', 'rst'] as const)(
    'is silent for as long as it is told before it closes with %s',
    async (how) => {
      await using server = await silent();
      const say = { ...unanswered, idle: 0.3 };
      const { connections, startedAt, finishedAt } = await start(server.target, closes(how), { say });
      expect(connections[0]).toMatchObject({ complete: true, unanswered: true, clientClosed: how });
      expect(finishedAt - startedAt).toBeGreaterThanOrEqual(0.3);
    },
  );

  it('gets replies to what it asks for before', async () => {
    await using server = await listen((socket, path) => {
      if (path.startsWith('/keep')) socket.write(reply);
    });
    const { connections } = await start(server.target, clientFirst, { say: { requests: 2, reply: false } });
    expect(server.requests.map(({ path }) => path)).toEqual(['/keep/text', '/never/text']);
    expect(connections[0]).toMatchObject({ complete: true, bytesReceived: reply.length });
  });

  it('is not complete while its kernel has not taken all of it', async () => {
    await using server = await silent();
    const say = { upload: 1_000_000, rate: 1_000_000, reply: false } as const;
    const { connections } = await start(server.target, clientFirst, { say, seconds: 0.4 });
    expect(connections[0]).toMatchObject({ complete: false, unanswered: true, clientClosed: undefined });
  });

  it('is the one that was told so: others wait for their reply', async () => {
    await using server = await silent();
    const { connections } = await start(server.target, clientFirst, { say: { upload: 10 }, seconds: 0.3 });
    expect(connections[0]).toMatchObject({ complete: false, clientClosed: undefined });
    expect(connections[0]).not.toHaveProperty('unanswered');
  });
});

describe('a kernel socket whose port is used several times', () => {
  it('opens it as often as it is told, and no more', async () => {
    await using server = await listen(realserver);
    await start(server.target, serverFirst, { reopen: 3 });
    expect(server.requests).toHaveLength(4);
  });
});

describe('a kernel socket that asks several times', () => {
  const paths = (server: TestServer) => server.requests.map(({ path }) => path);

  it('has one connection for all requests, and only the last one ends it', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, serverFirst, { say: { requests: 3 } });
    expect(paths(server)).toEqual(['/keep/text', '/keep/text', '/close/text']);
    expect(server.seen).toHaveLength(1);
    expect(connections[0]).toMatchObject({ complete: true, bytesReceived: 3 * reply.length });
  });

  it('closes first only when the last reply is complete', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, clientFirst, { say: { requests: 2 } });
    expect(paths(server)).toEqual(['/keep/text', '/keep/text']);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin' });
    await vi.waitFor(() => {
      expect(server.seen[0]).toEqual(['request', 'request', 'end', 'close']);
    });
  });

  it('half-closes behind the last request only', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, halfClose, { say: { requests: 2 } });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close' });
    expect(paths(server)).toEqual(['/keep/text', '/keep-late/text']);
  });

  it('does not take an earlier reply for the last one', async () => {
    await using server = await listen((socket) => socket.end(reply));
    const { connections } = await start(server.target, serverFirst, { say: { requests: 2 } });
    expect(connections[0]).toMatchObject({
      bytesReceived: reply.length,
      httpStatus: undefined,
      complete: false,
      serverClosed: true,
      firstByteSeconds: undefined,
    });
  });
});

describe('a kernel socket that uploads', () => {
  it('sends all of the body, then waits for the reply and closes', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, clientFirst, { say: { upload: 300_000 } });
    expect(server.requests).toMatchObject([{ path: '/keep/upload', bodyBytes: 300_000 }]);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin' });
    const headBytes = server.requests[0]!.head.join('\r\n').length + 4;
    expect(connections[0]?.bytesSent).toBe(headBytes + 300_000);
  });

  it('half-closes right behind the body, before the reply', async () => {
    await using server = await listen((socket) => {
      socket.prependOnceListener('end', () => socket.write(reply));
    });
    const { connections } = await start(server.target, halfClose, { say: { upload: 300_000 } });
    expect(server.requests[0]?.bodyBytes).toBe(300_000);
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close', error: undefined });
  });

  it('keeps to a rate', async () => {
    await using server = await listen(realserver);
    const say = { upload: 50_000, rate: 100_000 };
    const report = await start(server.target, clientFirst, { say });
    expect(server.requests[0]?.bodyBytes).toBe(50_000);
    expect(report.finishedAt - report.startedAt).toBeGreaterThan(0.35);
    expect(report.finishedAt - report.startedAt).toBeLessThan(1.5);
  });

  it('is done at once where there is no rate', async () => {
    await using server = await listen(realserver);
    const report = await start(server.target, clientFirst, { say: { upload: 50_000 } });
    expect(report.finishedAt - report.startedAt).toBeLessThan(0.35);
  });

  it('writes no more than the kernel takes, and reports only that', async () => {
    await using server = await listen(() => undefined);
    const say = { upload: 100_000_000 };
    const paused = createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => paused.listen(0, '127.0.0.1', resolve));
    const { port } = paused.address() as AddressInfo;
    const sockets = new Set<{ destroy: () => void }>();
    paused.on('connection', (socket) => sockets.add(socket));
    const { connections } = await start({ host: server.target.host, port }, halfClose, { say, seconds: 0.5 });
    sockets.forEach((socket) => {
      socket.destroy();
    });
    paused.close();
    expect(connections[0]?.bytesSent).toBeGreaterThan(10_000);
    expect(connections[0]?.bytesSent).toBeLessThan(50_000_000);
    expect(connections[0]?.clientClosed).toBeUndefined();
  });

  it('stops when the server has closed in the middle', async () => {
    const early = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(reply));
      socket.resume();
    });
    await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
    const { port } = early.address() as AddressInfo;
    const say = { upload: 100_000, rate: 50_000 };
    const { connections } = await start({ host: '127.0.0.1', port }, serverFirst, { say });
    early.close();
    expect(connections[0]).toMatchObject({ serverClosed: true, clientClosed: 'fin', error: undefined });
    expect(connections[0]?.bytesSent).toBeLessThan(50_000);
  });
});

describe('a kernel socket that downloads', () => {
  it('takes 206 and as many bytes as it asked for', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, serverFirst, { say: { download: 200_000 } });
    expect(server.requests[0]).toMatchObject({ path: '/close/zeros' });
    expect(server.requests[0]?.head).toContain('Range: bytes=0-199999');
    expect(connections[0]).toMatchObject({ httpStatus: 206, complete: true });
    expect(connections[0]?.bytesReceived).toBeGreaterThan(200_000);
  });

  it('reads on behind a half-close', async () => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, halfClose, { say: { download: 200_000 } });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'half-close' });
  });
});

describe('a kernel socket that idles', () => {
  /** When each thing happened to the server's one connection, in milliseconds. */
  const timed = async () => {
    const times: { opened?: number; asked?: number; ended?: number } = {};
    const server = await listen((socket, path, request) => {
      times.asked = performance.now();
      socket.once('end', () => (times.ended = performance.now()));
      realserver(socket, path, request);
    });
    return { server, times };
  };

  it('is silent between the reply and its close where it closes first', async () => {
    const { server, times } = await timed();
    await using _server = server;
    const { connections } = await start(server.target, clientFirst, { say: { idle: 0.3 } });
    expect(connections[0]).toMatchObject({ complete: true, clientClosed: 'fin' });
    expect(connections[0]?.firstByteSeconds).toBeLessThan(0.25);
    await vi.waitFor(() => {
      expect(times.ended! - times.asked!).toBeGreaterThan(290);
    });
  });

  it.each([serverFirst, halfClose])('is silent before its request for %j', async (closing) => {
    await using server = await listen(realserver);
    const { connections } = await start(server.target, closing, { say: { idle: 0.3 } });
    const { connectSeconds = NaN, firstByteSeconds = NaN } = connections[0]!;
    expect(connectSeconds).toBeLessThan(0.25);
    expect(firstByteSeconds - connectSeconds).toBeGreaterThan(0.29);
  });

  it('is silent before the last of several requests', async () => {
    const asked: number[] = [];
    await using server = await listen((socket, path, request) => {
      asked.push(performance.now());
      realserver(socket, path, request);
    });
    const say = { idle: 0.3, requests: 3 };
    const { connections } = await start(server.target, serverFirst, { say });
    expect(connections[0]?.complete).toBe(true);
    expect(asked[1]! - asked[0]!).toBeLessThan(200);
    expect(asked[2]! - asked[1]!).toBeGreaterThan(290);
  });

  it('follows a server that closes in the meantime, and says nothing more', async () => {
    const closing = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
    const { port } = closing.address() as AddressInfo;
    const report = await start({ host: '127.0.0.1', port }, serverFirst, { say: { idle: 3 } });
    closing.close();
    expect(report.connections[0]).toMatchObject({ bytesSent: 0, serverClosed: true, error: undefined });
    expect(report.finishedAt - report.startedAt).toBeLessThan(2);
  });
});

describe('the local port of a kernel socket', () => {
  it('is the next one when one belongs to somebody else', async () => {
    await using server = await listen(realserver);
    const { ports, first } = freshPorts();
    const squatter = await squat(first);
    const { connections } = await start(server.target, serverFirst, { count: 2, ports });
    await new Promise((resolve) => squatter.close(resolve));
    expect(connections.map(({ localPort }) => localPort).sort()).toEqual([first + 1, first + 2]);
    expect(connections.every(({ complete }) => complete)).toBe(true);
  });

  it.each(['127.0.0.1', '::1'])('is read from the socket where the kernel picks it, to %s', async (host) => {
    const peers: (number | undefined)[] = [];
    await using server = await listen((socket, path, request) => {
      peers.push(socket.remotePort);
      realserver(socket, path, request);
    }, host);
    const { connections } = await start(server.target, serverFirst, { count: 3, ports: undefined });
    expect(connections.map(({ localPort }) => localPort).sort()).toEqual([...peers].sort());
    expect(connections.map(({ localAddress }) => localAddress)).toEqual(Array(3).fill(host));
  });

  it('is known of a connection that was refused, too', async () => {
    const port = await closedPort();
    const { connections } = await start({ host: '127.0.0.1', port }, serverFirst, { ports: undefined });
    expect(connections[0]).toMatchObject({ connected: false, error: 'ECONNREFUSED' });
    expect(connections[0]?.localPort).toBeGreaterThan(1023);
  });
});

describe('a kernel socket that is opened again', () => {
  it.each([
    ['a server that closed first', serverFirst],
    ['a reset of its own', { first: 'client', how: 'rst', after: 0 } as const],
  ])('has the same port after %s, and is the one reported', async (_, closing) => {
    const peers: (number | undefined)[] = [];
    await using server = await listen((socket, path, request) => {
      peers.push(socket.remotePort);
      realserver(socket, path, request);
    });
    const { ports, first } = freshPorts();
    const report = await start(server.target, closing, { ports, reopen: 1 });
    expect(peers).toEqual([first, first]);
    expect(report.connections).toHaveLength(1);
    expect(report.connections[0]).toMatchObject({
      localPort: first,
      complete: true,
      bytesReceived: reply.length,
      error: undefined,
    });
  });

  it('is opened once only unless told', async () => {
    await using server = await listen(realserver);
    await start(server.target, serverFirst);
    expect(server.seen).toHaveLength(1);
  });

  it('waits for the port, and counts the wait as the time that connect() took', async () => {
    const { ports, first } = freshPorts();
    const openedAt: number[] = [];
    await using server = await listen((socket, path, request) => {
      openedAt.push(Date.now() / 1000);
      if (openedAt.length > 1) realserver(socket, path, request);
      // A listener may share its port with a connection that is there already, but not with one to come.
      else {
        void squat(first).then(async (squatter) => {
          socket.end(reply);
          await delay(350);
          squatter.close();
        });
      }
    });
    const { connections } = await start(server.target, serverFirst, { ports, reopen: 1 });
    expect(connections[0]).toMatchObject({ localPort: first, complete: true, error: undefined });
    expect(connections[0]?.connectSeconds).toBeGreaterThan(0.25);
    expect(connections[0]?.portWaitSeconds).toBeGreaterThan(0.25);
    expect(openedAt[1]! - connections[0]!.openedAt).toBeGreaterThan(0.25);
  });

  it('is reported as never connected when the port was not free in time', async () => {
    const { ports, first } = freshPorts();
    let squatter: Server | undefined;
    await using server = await listen((socket) => {
      void squat(first).then((taken) => {
        squatter = taken;
        socket.end(reply);
      });
    });
    const { connections } = await start(server.target, serverFirst, { ports, reopen: 1, seconds: 0.5 });
    await new Promise((resolve) => squatter?.close(resolve));
    expect(connections[0]).toMatchObject({
      localPort: first,
      connected: false,
      complete: false,
      bytesSent: 0,
      error: 'EADDRINUSE',
    });
    expect(server.seen).toHaveLength(1);
  });

  it('is the first one, with EADDRINUSE, when that was never over', async () => {
    await using server = await silent();
    const { connections } = await start(server.target, serverFirst, { reopen: 1, seconds: 0.3 });
    expect(connections[0]).toMatchObject({ connected: true, complete: false, error: 'EADDRINUSE' });
  });

  it('takes the port that the kernel picked', async () => {
    const peers: (number | undefined)[] = [];
    await using server = await listen((socket, path, request) => {
      peers.push(socket.remotePort);
      realserver(socket, path, request);
    });
    const { connections } = await start(server.target, serverFirst, { ports: undefined, reopen: 1 });
    expect(connections[0]).toMatchObject({ complete: true, localPort: peers[0] });
    expect(peers[1]).toBe(peers[0]);
  });
});
