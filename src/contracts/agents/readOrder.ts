import * as z from 'zod/mini';
import { toDotPath } from 'zod/v4/core';
import en from 'zod/v4/locales/en.js';

// The small build of zod says "Invalid input" to everything unless it is given words.
z.config(en());

/** Reads JSON that one of the two sides wrote for the other: an order of the host's, a client's observations. Throws an Error that names the wrong member. */
export function readOrder<T>(schema: z.ZodMiniType<T>, text: string): T {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const where = path.length === 0 ? 'the whole' : toDotPath(path);
    return `${where}: ${message}`;
  });
  throw new Error(problems.join('; '));
}
