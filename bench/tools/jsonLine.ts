import type * as z from 'zod';
import { LabError } from '../../src/support/errors.js';

/** The one line of JSON that a tool prints among others. Throws LabError when there is none of the schema's shape; `tool` names who should have. */
export function jsonLine<T>(schema: z.ZodType<T>, output: string, tool: string): T {
  const line = output.split('\n').find((each) => each.startsWith('{'));
  const found = line === undefined ? undefined : schema.safeParse(JSON.parse(line));
  if (found?.success === true) return found.data;
  throw new LabError(`${tool} said nothing of what it did`, { details: output, cause: found?.error });
}
