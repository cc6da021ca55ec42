import { setTimeout as delay } from 'node:timers/promises';
import type { LoadReport } from '../../src/evidence/types.js';
import type { ClientKind, Conversation } from './conversation.js';

/** Connections opened at once; a burst would only measure the accept queue. */
const step = 8;
const stepMilliseconds = 10;
/** Sockets let go of at the deadline close within a turn of the event loop; this bounds it. */
const farewellMilliseconds = 1000;

/**
 * Holds `count` conversations at the same time, and reports on all of them when the last is over or `stop` fires, whichever
 * is first. Conversations that `stop` found unfinished, or unopened, are reported as they were.
 */
export async function drive(client: ClientKind, count: number, stop: AbortSignal): Promise<LoadReport> {
  const startedAt = now();
  const conversations: Conversation[] = [];
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else
      stop.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });

  while (conversations.length < count && !stop.aborted) {
    const batch = Math.min(step, count - conversations.length);
    for (let opened = 0; opened < batch; opened += 1) conversations.push(client.open());
    await delay(stepMilliseconds);
  }
  const allDone = Promise.all(conversations.map(({ done }) => done));
  await Promise.race([allDone, stopped]);
  const connections = conversations.map((conversation) => conversation.report());
  for (const conversation of conversations) conversation.abandon();
  await Promise.race([allDone, delay(farewellMilliseconds, undefined, { ref: false })]);
  return {
    agent: client.name,
    nonBlockingConnect: client.nonBlockingConnect,
    requested: count,
    startedAt,
    finishedAt: now(),
    connections,
  };
}

/** Seconds since the epoch. */
function now(): number {
  return Date.now() / 1000;
}
