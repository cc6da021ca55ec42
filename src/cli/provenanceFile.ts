import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provenanceSchema, type Provenance } from '../evidence/provenance.js';
import { provenanceFile } from '../run/provenance.js';

/** What a run in `directory` found out of what it ran on; undefined when it made no lab, or what it wrote cannot be read. */
export async function readProvenance(directory: string): Promise<Provenance | undefined> {
  const text = await readFile(join(directory, provenanceFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return provenanceSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
