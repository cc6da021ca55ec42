import * as z from 'zod/mini';

/** A number that is not negative. */
export const atLeast0 = z.number().check(z.minimum(0));

/** A number above 0. */
export const positive = z.number().check(z.gt(0));

/** A whole number of at least 1. */
export const positiveWhole = z.int().check(z.minimum(1));

/** A whole number that is not negative. */
export const whole = z.int().check(z.minimum(0));

/** The longest time for which a realserver can be asked to think, in seconds (lab/node/server/serve.sh). */
export const longestThink = 60;

/** Seconds for which a realserver thinks before it answers. */
export const thinkSeconds = z.int().check(z.minimum(1), z.maximum(longestThink));
