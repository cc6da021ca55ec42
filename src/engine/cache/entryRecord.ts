import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { LabError, messageOf } from '../../support/errors.js';
import { parseJson } from '../../support/parseJson.js';

/** Reads a JSON file of a cache entry. Rejects with LabError when it has another shape. */
export async function readEntryRecord<T>(directory: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const file = path.join(directory, name);
  try {
    return parseJson(schema, await readFile(file, 'utf8'));
  } catch (cause) {
    throw new LabError(`${file} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: `remove the folder ${directory}; it is made again`,
    });
  }
}
