import { z } from 'zod';
import { parseRecordedJson } from '../text/parseRecordedJson.js';

/** For each interface, how many outgoing packets its queue dropped, on purpose (netem's loss) or because it was full. */
export type QueueDrops = Readonly<Record<string, number>>;

const queues = z.array(z.object({ dev: z.string(), root: z.boolean().optional(), drops: z.number() }));

/** Reads the output of `tc -s -j qdisc show`. Throws EvidenceError when it is something else. */
export function parseQueues(text: string): QueueDrops {
  // Only at the root does each packet count once.
  return Object.fromEntries(
    parseRecordedJson(queues, text)
      .filter(({ root }) => root === true)
      .map(({ dev, drops }) => [dev, drops]),
  );
}

/** What the queues dropped between two readings. */
export function queuesSince(before: QueueDrops, after: QueueDrops): QueueDrops {
  return Object.fromEntries(Object.entries(after).map(([dev, drops]) => [dev, drops - (before[dev] ?? 0)]));
}
