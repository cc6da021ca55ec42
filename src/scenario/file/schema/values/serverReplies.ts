import * as z from 'zod';
import { longestThink } from '../../../../contracts/agents/numbers.js';
import { wholeSeconds } from './seconds.js';

/** How long a realserver takes before it answers. */
export function thinkTime() {
  return wholeSeconds()
    .refine((seconds) => seconds <= longestThink, {
      error: ({ input }) => `expected at most ${longestThink}s, found \`${String(input)}s\``,
    })
    .optional();
}

/** That a realserver never answers. */
export function noReply() {
  const error = 'expected `false`, or no `reply`: a realserver answers unless it is told not to';
  return z.literal(false, { error }).optional();
}
