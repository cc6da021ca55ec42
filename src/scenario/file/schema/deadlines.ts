import * as z from 'zod';
import type { DeadlineKey } from '../../model/deadlineKeys.js';
import { duration } from './values/seconds.js';

const deadline = (fallback: string, purpose: string) =>
  duration().prefault(fallback).describe(`${purpose} A number and \`ms\`, \`s\` or \`m\`.`);

/** Keys of the `deadlines` section. */
export const deadlinesShape = {
  ready: deadline('60s', 'For a packet to go through every realserver.'),
  drive: deadline('60s', 'For the load to run.'),
  settle: deadline('30s', 'For the sockets to stop changing after the load.'),
  collect: deadline('60s', 'For the final counters of a node.'),
  quiet: deadline('3s', 'How long sockets must not change to be taken as settled.'),
} satisfies Record<DeadlineKey, z.ZodType>;

/** The `deadlines` section; its values are seconds after parsing. */
export const deadlinesSchema = z.strictObject(deadlinesShape).superRefine(({ settle, quiet }, context) => {
  if (quiet < settle) return;
  const message = `expected \`quiet\` below \`settle\`, found ${quiet} s and ${settle} s; nothing would ever settle in time`;
  context.addIssue({ code: 'custom', message, params: { at: 'key' } });
});
