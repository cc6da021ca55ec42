import * as z from 'zod';
import type { Bounds } from '../../../model/expectation.js';
import { duration } from './seconds.js';

interface BoundsOptions<T extends z.ZodType<number>> {
  /** The schema of each bound. */
  readonly value: () => T;
  /** What is bounded, as keys' descriptions name it: `The median`. */
  readonly what: string;
  /** The unit that follows numbers in error messages: ` s`. */
  readonly unit: string;
}

/** `{ at-least: ..., at-most: ... }`, one of them or both. */
export function bounds<T extends z.ZodType<number>>({ value, what, unit }: BoundsOptions<T>) {
  return z
    .strictObject({
      'at-least': value().optional().describe(`${what} is this or more.`),
      'at-most': value().optional().describe(`${what} is this or less.`),
    })
    .superRefine(({ 'at-least': least, 'at-most': most }, context) => {
      // A misspelt key has been reported as what it is.
      if (context.issues.length > 0) return;
      if (least === undefined && most === undefined) {
        context.addIssue({
          code: 'custom',
          message: 'expected `at-least`, `at-most` or both, found neither',
        });
      } else if (least !== undefined && most !== undefined && least > most) {
        const message = `expected \`at-least\` not above \`at-most\`, found ${least}${unit} and ${most}${unit}`;
        context.addIssue({ code: 'custom', path: ['at-least'], message });
      }
    })
    .transform((given): Bounds => ({ atLeast: given['at-least'], atMost: given['at-most'] }));
}

/** Bounds on a time. */
export function timeBounds(what: string) {
  return bounds({ value: duration, what, unit: ' s' });
}

/** Bounds on a share, in percent. */
export function percentBounds(what: string) {
  return bounds({ value: () => z.number().min(0).max(100), what, unit: ' %' });
}

/** Bounds on a whole number of things. */
export function countBounds(what: string) {
  return bounds({ value: () => z.number().int().min(0), what, unit: '' });
}
