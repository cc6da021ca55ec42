import type { z } from 'zod';
import { JsonError, parseJson } from '../../support/parseJson.js';
import { EvidenceError } from './error.js';

/** Reads JSON that another program wrote. Throws EvidenceError that names the wrong field. */
export function parseRecordedJson<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return parseJson(schema, text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Problems of evidence are told as whole sentences.
    throw new EvidenceError(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`, {
      cause: error.cause,
    });
  }
}
