import { join } from 'node:path';
import { provenanceSchema, type Provenance } from '../../evidence/model/provenance.js';
import { provenanceFile } from '../../run/lab/provenanceRecord.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { parseJson } from '../../support/parseJson.js';
import { largestDocument } from './largestDocument.js';

/** Reads what a run in `directory` ran on; undefined when the run made no lab, or its record cannot be read. */
export async function readProvenance(directory: string): Promise<Provenance | undefined> {
  const text = await readRegularText(join(directory, provenanceFile), largestDocument).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseJson(provenanceSchema, text);
  } catch {
    return undefined;
  }
}
