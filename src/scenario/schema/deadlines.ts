import * as z from 'zod';
import { durationPattern, parseDuration } from '../../support/duration.js';

const longest = 3600;
const durationExpected = 'expected a duration such as `500ms`, `15s` or `2m`';

function duration(fallback: string, purpose: string) {
  return z
    .string({ error: durationExpected })
    .regex(durationPattern, { error: durationExpected })
    .refine(withinLimits, {
      error: ({ input }) =>
        `expected a duration above 0 and at most ${longest / 60}m, found \`${String(input)}\``,
    })
    .transform((text) => parseDuration(text) ?? 0)
    .prefault(fallback)
    .describe(`${purpose} A number and \`ms\`, \`s\` or \`m\`.`);
}

function withinLimits(text: string): boolean {
  const seconds = parseDuration(text);
  // What is no duration at all has been reported by the pattern already.
  return seconds === undefined || (seconds > 0 && seconds <= longest);
}

/** The `deadlines` section; its values are seconds after parsing. */
export const deadlinesSchema = z.strictObject({
  ready: duration('60s', 'For a packet to go through every realserver.'),
  drive: duration('60s', 'For the load to run.'),
  settle: duration('30s', 'For the sockets to stop changing after the load.'),
  collect: duration('30s', 'For the final counters of a node.'),
});
