import * as z from 'zod';
import { durationPattern, parseDuration } from '../../../../support/duration.js';

const longest = 3600;
const durationExpected = 'expected a duration such as `500ms`, `15s` or `2m`';

/** A duration as text, which parsing turns into seconds. It is above zero, unless `zero` allows that, and at most an hour. */
export function duration({ zero = false }: { readonly zero?: boolean } = {}) {
  return z
    .string({ error: durationExpected })
    .regex(durationPattern, { error: durationExpected, abort: true })
    .refine((text) => withinLimits(text, zero), {
      // Text that is no duration must not meet checks between the keys, which compare seconds.
      abort: true,
      error: ({ input }) =>
        `expected a duration ${zero ? 'of' : 'above 0 and'} at most ${longest / 60}m, found \`${String(input)}\``,
    })
    .transform((text) => parseDuration(text) ?? 0);
}

/** A duration that a tool takes in whole seconds only. */
export function wholeSeconds() {
  return duration().refine(Number.isInteger, {
    error: ({ input }) => `expected whole seconds, found \`${String(input)}s\``,
  });
}

function withinLimits(text: string, zero: boolean): boolean {
  const seconds = parseDuration(text) ?? Number.NaN;
  return (zero ? seconds >= 0 : seconds > 0) && seconds <= longest;
}
