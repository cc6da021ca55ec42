import { connectionsInAll, type Load } from '../../../src/contracts/agents/load.js';
import type { Target } from '../../../src/contracts/agents/driveOrder.js';
import type { LoadReport } from '../../../src/evidence/model/loadReport.js';
import { setTimeout as delay } from 'node:timers/promises';
import type { SocketFactory, ClientSocket } from './connections/clientSocket.js';

/** The connections that are to be made, and how fast. */
export interface ConnectionSchedule {
  readonly connections: number;
  /** Seconds between two openings; 0: in batches, as fast as is sensible. */
  readonly every: number;
  /** How many more are made, and how many seconds after the others are open; undefined: none. */
  readonly later?: Load['later'];
  /** Ends of the service; connections use them in turn. */
  readonly targets: readonly Target[];
}

/** How many connections are opened at once, and the pause between two batches. A larger burst would only measure the accept queue. */
const batch = { connections: 8, milliseconds: 10 };
/** Sockets let go of at the deadline close within a turn of the event loop; this bounds it. */
const farewellMilliseconds = 1000;

/**
 * Holds the load's sockets at the same time, and reports on all of them when the last is over or `stop` fires, whichever
 * is first. Sockets that `stop` found unfinished are reported as they were; those not begun by then are missing.
 * `connected` is called once: when all connections but those that are to come later are open or have failed, at the latest when `stop` fires.
 */
export async function driveConnections(
  client: SocketFactory,
  load: ConnectionSchedule,
  stop: AbortSignal,
  connected: () => void,
): Promise<LoadReport> {
  const startedAt = now();
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => {
      resolve();
    });
  });

  const sockets: ClientSocket[] = [];
  await openAll(client, load, sockets, stop);
  await Promise.race([Promise.all(sockets.map(({ opened }) => opened)), stopped]);
  connected();
  if (load.later !== undefined) {
    await pause(load.later.after * 1000, stop);
    await openAll(client, { ...load, connections: load.later.connections }, sockets, stop);
  }
  const allDone = Promise.all(sockets.map(({ done }) => done));
  await Promise.race([allDone, stopped]);
  const connections = sockets.map((socket, index) => ({
    ...socket.report(),
    ...(index >= load.connections && { later: true as const }),
  }));
  for (const socket of sockets) socket.abandon();
  await Promise.race([allDone, delay(farewellMilliseconds, undefined, { ref: false })]);
  return {
    agent: client.name,
    nonBlockingConnect: client.nonBlockingConnect,
    requested: connectionsInAll(load),
    startedAt,
    finishedAt: now(),
    connections,
  };
}

/** Opens connections beside those in `sockets`, to which it adds them. */
async function openAll(
  client: SocketFactory,
  load: ConnectionSchedule,
  sockets: ClientSocket[],
  stop: AbortSignal,
): Promise<void> {
  const startedAt = now();
  for (let opened = 1; !stop.aborted; opened += 1) {
    const target = load.targets[sockets.length % load.targets.length];
    if (target === undefined) throw new Error('the service has no ports');
    sockets.push(client.open(target));
    if (opened === load.connections) return;
    if (load.every > 0) await pause((startedAt + opened * load.every - now()) * 1000, stop);
    else if (opened % batch.connections === 0) await pause(batch.milliseconds, stop);
  }
}

/** Waits. Lets other work of the event loop run first, even when the time is already up. */
async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  await delay(Math.max(0, milliseconds), undefined, { signal: stop }).catch(() => undefined);
}

/** The time in seconds since the epoch. */
function now(): number {
  return Date.now() / 1000;
}
