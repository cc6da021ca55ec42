import type { z } from 'zod';

/** A text was not the JSON that was expected. The message says what was found, and names the wrong member. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Reads JSON that this or another program wrote, and compares it with the schema that its writer shares. Throws JsonError. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JsonError(`expected JSON, found ${JSON.stringify(text.slice(0, 40))}`, { cause });
  }
  return matchShape(schema, value);
}

/** Compares what another program handed over, already parsed, with its schema. Throws JsonError. */
export function matchShape<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the top level' : issue.path.join('.');
  throw new JsonError(`unexpected contents at ${where}: ${issue?.message ?? 'unknown'}`);
}
