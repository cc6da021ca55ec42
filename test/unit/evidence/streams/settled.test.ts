import type { LoadReport } from '../../../../src/evidence/model/loadReport.js';
import { describe, expect, it } from 'vitest';
import { SettleWatch } from '../../../../src/evidence/streams/settled.js';

const load: LoadReport = {
  agent: 'test',
  nonBlockingConnect: true,
  requested: 1,
  startedAt: 90,
  finishedAt: 100,
  connections: [
    {
      localAddress: '10.0.0.2',
      localPort: 4000,
      port: 80,
      openedAt: 99,
      connectSeconds: 0.01,
      firstByteSeconds: 0.02,
      connected: true,
      bytesSent: 1,
      bytesReceived: 1,
      httpStatus: 200,
      complete: true,
      serverClosed: true,
      clientClosed: 'fin',
      error: undefined,
    },
  ],
};

const watch = () =>
  new SettleWatch({
    servers: ['10.0.0.9', '10.0.0.4'],
    ports: [80, 8000],
    client: 'client',
    serving: ['realserver1'],
    quietSeconds: 3,
  });
const clientSocket = (state: string, port = 4000) => `${state} 0 0 10.0.0.2:${port} 10.0.0.9:80`;
const serverSocket = (state: string, port = 4000) => `${state} 0 0 10.0.0.9:80 10.0.0.2:${port}`;
const ss = (time: number, ...rows: string[]) => ({
  kind: 'ss' as const,
  time,
  until: time,
  text: rows.join('\n'),
});

/** Feeds both nodes one sample a second from 101 s on. */
function feedBoth(settle: SettleWatch, rounds: readonly (readonly [client: string, server: string])[]): void {
  rounds.forEach(([client, server], index) => {
    settle.feed('client', ss(101 + index, client));
    settle.feed('realserver1', ss(101 + index, server));
  });
}

describe('SettleWatch', () => {
  it('is settled at once when every connection is gone or in TIME-WAIT on both sides', () => {
    const settle = watch();
    feedBoth(settle, [['', serverSocket('TIME-WAIT')]]);
    expect(settle.state(load)).toEqual({ settled: true, how: 'closed-down' });
  });

  it('is not settled by samples from before the end of the load', () => {
    const settle = watch();
    settle.feed('client', ss(99));
    settle.feed('realserver1', ss(99));
    expect(settle.state(load)).toMatchObject({ settled: false });
  });

  it('waits for every node', () => {
    const settle = watch();
    settle.feed('client', ss(101));
    expect(settle.state(load)).toEqual({
      settled: false,
      why: 'realserver1 has no sample from after the load yet',
    });
  });

  const stuck = [clientSocket('LAST-ACK'), serverSocket('FIN-WAIT-2')] as const;

  it('is settled when stuck sockets stayed as they are for the quiet time', () => {
    const settle = watch();
    feedBoth(settle, [stuck, stuck, stuck]);
    expect(settle.state(load)).toMatchObject({ settled: false });
    feedBoth(settle, [stuck, stuck, stuck, stuck]);
    expect(settle.state(load)).toEqual({ settled: true, how: 'unchanged' });
  });

  it('starts waiting anew when a state changes on either node', () => {
    const settle = watch();
    const before = [clientSocket('LAST-ACK'), serverSocket('FIN-WAIT-1')] as const;
    feedBoth(settle, [before, before, before, stuck, stuck]);
    expect(settle.state(load)).toMatchObject({ settled: false });
  });

  it('wants three samples even when two of them span the quiet time', () => {
    const settle = watch();
    for (const node of ['client', 'realserver1']) {
      settle.feed(node, ss(101, clientSocket('LAST-ACK')));
      settle.feed(node, ss(110, clientSocket('LAST-ACK')));
    }
    expect(settle.state(load)).toMatchObject({ settled: false });
    for (const node of ['client', 'realserver1']) settle.feed(node, ss(111, clientSocket('LAST-ACK')));
    expect(settle.state(load)).toMatchObject({ settled: true });
  });

  it("follows connections to any of the service's addresses and ports, of either family", () => {
    const behindNat = watch();
    feedBoth(behindNat, [['', 'FIN-WAIT-2 0 0 10.0.0.4:8000 10.0.0.2:4000']]);
    expect(behindNat.state(load)).toMatchObject({ settled: false });
    const elsewhere = watch();
    feedBoth(elsewhere, [['LAST-ACK 0 0 10.0.0.2:4000 10.0.0.5:8000', '']]);
    expect(elsewhere.state(load)).toMatchObject({ settled: true });
    const ipv6 = new SettleWatch({
      servers: ['fd00::9'],
      ports: [80],
      client: 'client',
      serving: [],
      quietSeconds: 3,
    });
    ipv6.feed('client', ss(101, 'LAST-ACK 0 1 [fd00::2]:4000 [fd00::9]:80'));
    const connections = load.connections.map((one) => ({ ...one, localAddress: 'fd00::2' }));
    expect(ipv6.state({ ...load, connections })).toMatchObject({ settled: false });
  });

  it('follows both ends of a connection on one node, and does not take one for the other', () => {
    const ofBoth = (...rows: string[]) => {
      const both = new SettleWatch({
        ...{ servers: ['10.0.0.9'], ports: [80], quietSeconds: 3 },
        client: 'realserver1',
        serving: ['realserver1'],
      });
      for (const time of [101, 102, 103]) both.feed('realserver1', ss(time, ...rows));
      return both.state(load);
    };
    expect(ofBoth(clientSocket('ESTAB'), serverSocket('ESTAB'))).toMatchObject({ settled: false });
    expect(ofBoth(clientSocket('TIME-WAIT'), serverSocket('LAST-ACK'))).toMatchObject({ settled: false });
    expect(ofBoth(clientSocket('LAST-ACK'))).toMatchObject({
      why: expect.stringMatching(/^1 sockets/) as string,
    });
    expect(ofBoth(serverSocket('TIME-WAIT'))).toEqual({ settled: true, how: 'closed-down' });
  });

  it('follows connections that were translated on their way to who serves them', () => {
    const own = watch();
    feedBoth(own, [['', 'FIN-WAIT-2 0 0 10.0.0.5:8080 10.0.0.2:4000']]);
    expect(own.state(load)).toMatchObject({ settled: false });
    const source = watch();
    feedBoth(source, [['', 'FIN-WAIT-2 0 0 10.0.0.9:80 10.0.0.1:61000']]);
    expect(source.state(load)).toMatchObject({ settled: false });
    const listening = watch();
    feedBoth(listening, [['', 'LISTEN 0 0 0.0.0.0:80 0.0.0.0:*']]);
    expect(listening.state(load)).toMatchObject({ settled: true });
  });

  it('does not care for sockets of other connections', () => {
    const settle = watch();
    feedBoth(settle, [[clientSocket('ESTAB', 5000), serverSocket('FIN-WAIT-2', 5000)]]);
    expect(settle.state(load)).toEqual({ settled: true, how: 'closed-down' });
  });

  it('still knows that it is quiet after a long time', () => {
    const settle = watch();
    feedBoth(
      settle,
      Array.from({ length: 200 }, () => stuck),
    );
    expect(settle.state(load)).toEqual({ settled: true, how: 'unchanged' });
  });
});
