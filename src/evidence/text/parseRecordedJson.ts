import type { z } from 'zod';
import { EvidenceError } from './error.js';

/** Reads JSON that another program wrote. Throws EvidenceError that names the wrong field. */
export function parseRecordedJson<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError(`Expected JSON, found ${JSON.stringify(text.slice(0, 40))}.`, { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'the top level' : issue.path.join('.');
    throw new EvidenceError(`Unexpected contents at ${where}: ${issue?.message ?? 'unknown'}.`);
  }
  return result.data;
}
