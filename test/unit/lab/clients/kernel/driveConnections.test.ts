import type { Target } from '../../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection } from '../../../../../src/evidence/model/loadReport.js';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type {
  SocketFactory,
  ClientSocket,
} from '../../../../../lab/clients/kernel/connections/clientSocket.js';
import {
  driveConnections,
  type ConnectionSchedule,
} from '../../../../../lab/clients/kernel/driveConnections.js';

/** A client whose connections open and end when the test says so; notes what is asked of it, and when. */
class FakeClient implements SocketFactory {
  readonly name = 'fake';
  readonly nonBlockingConnect = true;
  readonly opened: (Target & { readonly at: number })[] = [];
  abandoned = 0;

  constructor(private readonly fate: () => Partial<ClientSocket>) {}

  open(target: Target): ClientSocket {
    this.opened.push({ ...target, at: performance.now() });
    return {
      opened: Promise.resolve(),
      done: Promise.resolve(),
      report: () => ({ ...target }) as ClientConnection,
      abandon: () => (this.abandoned += 1),
      ...this.fate(),
    };
  }
}

const never = new Promise<void>(() => undefined);
const load: ConnectionSchedule = { connections: 3, every: 0, targets: [{ address: '10.0.0.9', port: 80 }] };

/** Drives, and counts how often it was told that all are connected, and after how many milliseconds. */
async function driveIt(
  client: FakeClient,
  changes: Partial<ConnectionSchedule> = {},
  stop = AbortSignal.timeout(5000),
) {
  const startedAt = performance.now();
  const connected: number[] = [];
  const report = await driveConnections(client, { ...load, ...changes }, stop, () => {
    connected.push(performance.now() - startedAt);
  });
  return { report, connected, milliseconds: performance.now() - startedAt };
}

describe('drive', () => {
  it('reports on all connections and names the client', async () => {
    const { report } = await driveIt(new FakeClient(() => ({})));
    expect(report).toMatchObject({ agent: 'fake', nonBlockingConnect: true, requested: 3 });
    expect(report.connections).toHaveLength(3);
    expect(report.finishedAt).toBeGreaterThanOrEqual(report.startedAt);
  });

  it('opens more connections so long after the others are open, and tells which they are', async () => {
    const client = new FakeClient(() => ({}));
    const { report, connected, milliseconds } = await driveIt(client, {
      later: { connections: 2, after: 0.2 },
    });
    expect(report.requested).toBe(5);
    expect(report.connections.map(({ later }) => later)).toEqual([
      undefined,
      undefined,
      undefined,
      true,
      true,
    ]);
    const [first = NaN, , , fourth = NaN] = client.opened.map(({ at }) => at);
    expect(fourth - first).toBeGreaterThanOrEqual(199);
    expect(connected).toHaveLength(1);
    expect(connected[0]).toBeLessThan(milliseconds - 199);
  });

  it('opens none later where time is up before', async () => {
    const later = { connections: 2, after: 60 };
    const { report } = await driveIt(new FakeClient(() => ({})), { later }, AbortSignal.timeout(200));
    expect(report.requested).toBe(5);
    expect(report.connections).toHaveLength(3);
  });

  it('gives connections the ends of the service in turn', async () => {
    const client = new FakeClient(() => ({}));
    const targets = [
      { address: '10.0.0.9', port: 80 },
      { address: '10.0.0.10', port: 8000 },
    ];
    await driveIt(client, { connections: 3, targets });
    expect(client.opened.map(({ address, port }) => `${address}:${port}`)).toEqual([
      '10.0.0.9:80',
      '10.0.0.10:8000',
      '10.0.0.9:80',
    ]);
  });

  it('opens a connection every so many seconds', async () => {
    const client = new FakeClient(() => ({}));
    await driveIt(client, { connections: 4, every: 0.1 });
    const [first = 0, ...others] = client.opened.map(({ at }) => at);
    others.forEach((at, index) => {
      expect(at - first).toBeGreaterThan((index + 1) * 100 - 10);
    });
  });

  it('opens eight at once where none is to wait', async () => {
    const client = new FakeClient(() => ({}));
    const { milliseconds } = await driveIt(client, { connections: 16 });
    const at = client.opened.map((one) => one.at);
    expect(at[8]! - at[7]!).toBeGreaterThan(5);
    expect(milliseconds).toBeLessThan(1000);
  });

  it('says once that all are connected: when the last is open, not before', async () => {
    const client = new FakeClient(() => ({ opened: delay(200), done: delay(300) }));
    const { connected } = await driveIt(client);
    expect(connected).toHaveLength(1);
    expect(connected[0]).toBeGreaterThan(190);
    expect(connected[0]).toBeLessThan(295);
  });

  it('says so when time is up and some are still trying', async () => {
    const client = new FakeClient(() => ({ opened: never, done: never }));
    const { connected } = await driveIt(client, {}, AbortSignal.timeout(200));
    expect(connected).toHaveLength(1);
    expect(connected[0]).toBeGreaterThan(190);
  });

  it('reports unfinished connections when time is up, and lets go of them', async () => {
    const client = new FakeClient(() => ({ done: never }));
    const { report, milliseconds } = await driveIt(client, {}, AbortSignal.timeout(100));
    expect(report.connections).toHaveLength(3);
    expect(client.abandoned).toBe(3);
    expect(milliseconds).toBeLessThan(2000);
  });

  it('opens no more once time is up', async () => {
    const client = new FakeClient(() => ({}));
    const { report, milliseconds } = await driveIt(client, { every: 60 }, AbortSignal.timeout(100));
    expect(report).toMatchObject({ requested: 3, connections: [{}] });
    expect(report.connections).toHaveLength(1);
    expect(milliseconds).toBeLessThan(2000);
  });
});
