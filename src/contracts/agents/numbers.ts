import * as z from 'zod/mini';

/** A number that is not negative. */
export const atLeast0 = z.number().check(z.minimum(0));

/** A number above 0. */
export const positive = z.number().check(z.gt(0));

/** A whole number of at least 1. */
export const positiveWhole = z.int().check(z.minimum(1));

/** A whole number that is not negative. */
export const whole = z.int().check(z.minimum(0));
