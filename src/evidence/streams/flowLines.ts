import { flowFates, loadEndings } from '../../contracts/words/flows.js';
import { z } from 'zod';
import type { FlowReport, FlowSecond } from '../model/flowTypes.js';
import { readShape } from '../text/readShape.js';

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), count);

const latency = z
  .object({
    count,
    p50: z.number(),
    p90: z.number(),
    p99: z.number(),
    p999: z.number(),
    max: z.number(),
  })
  .optional();

const shared = {
  opened: count,
  connected: count,
  answered: count,
  closing: count,
  closed: count,
  reset: count,
  refused: count,
  // Not in evidence of before it was counted.
  timedOut: count.default(0),
  sent: count,
  received: count,
  retransmitted: count,
  finsSent: count,
  rstsSent: count,
  icmp: counts,
  connect: latency,
  firstByte: latency,
  close: latency,
};

const fate = z.enum(flowFates);
const fates = z.record(fate, count);

const second = z
  .object({ ...shared, at: z.number(), inProgress: count, stuck: count.default(0) })
  // JSON leaves undefined members out; the shapes have them always.
  .transform(({ connect, firstByte, close, ...rest }) => ({ ...rest, connect, firstByte, close }));

const report = z
  .object({
    ...shared,
    requested: count,
    seed: z.number(),
    startedAt: z.number(),
    openedAt: z.number().optional(),
    finishedAt: z.number(),
    ended: z.enum(loadEndings),
    fates,
    byConversation: z.record(z.string(), fates),
    examples: z.array(z.object({ client: z.string(), fate, step: z.string(), retransmissions: count })),
    sendErrors: counts,
    receiveDrops: count,
    unreadable: count,
    openings: z.string(),
    memory: z.object({ residentBytes: count, tableBytes: count }),
    cpuSeconds: z.number(),
  })
  .transform(({ connect, firstByte, close, openedAt, ...rest }) => ({
    ...rest,
    ...{ connect, firstByte, close, openedAt },
  }));

/** One line of what the raw load agent prints. */
type FlowLine =
  | { readonly report: FlowReport; readonly second?: undefined }
  | { readonly second: FlowSecond; readonly report?: undefined };

/** Reads a line of what the raw load agent prints. Throws EvidenceError saying which field is not as expected. */
export function readFlowLine(text: string): FlowLine {
  return /^\s*\{\s*"report"/.test(text)
    ? readShape(z.object({ report }), text)
    : { second: readShape(second, text) };
}
