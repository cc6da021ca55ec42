import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../src/report/document/resultDocument.js';
import { parseResults } from '../../../src/report/document/parseResults.js';
import { documentDigest } from '../../../src/report/document/documentDigest.js';
import { UsageError } from '../../../src/support/errors.js';
import { ended } from '../report/document/samples.js';
import { amount } from './amount.js';
import { mutated, mutations } from './mutations.js';

const name = 'results.json';
const recorded = Buffer.from(`${JSON.stringify(resultDocument(ended), null, 2)}\n`);

/** What `compare` and `merge` would have of a results.json: its results, or the error that refuses it. */
function read(bytes: Buffer): string | UsageError {
  try {
    return JSON.stringify(parseResults(bytes.toString(), name, '/r'));
  } catch (error) {
    // Anything else is a fault of the reader.
    if (error instanceof UsageError) return error;
    throw error;
  }
}

/** The text with the seal that it would need; undefined where nothing can be sealed. */
function resealed(bytes: Buffer): Buffer | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value !== 'object' || value === null) return undefined;
    return Buffer.from(JSON.stringify({ ...value, sha256: documentDigest(value) }));
  } catch {
    return undefined;
  }
}

/** Tries mutations until so many have changed something. */
function tried(runs: number, seed: number, { mend }: { readonly mend: boolean }) {
  const counts = { same: 0, named: 0, silent: 0 };
  const silent: string[] = [];
  const whole = read(mend ? (resealed(recorded) ?? recorded) : recorded);
  for (const mutation of fc.sample(mutations, { numRuns: 3 * runs, seed })) {
    if (counts.same + counts.named + counts.silent === runs) break;
    const { files, changed } = mutated(new Map([[name, recorded]]), mutation);
    const bytes = files.get(name);
    if (changed.length === 0 || bytes === undefined) continue;
    const found = read(mend ? (resealed(bytes) ?? bytes) : bytes);
    const how = found instanceof UsageError ? 'named' : found === whole ? 'same' : 'silent';
    counts[how] += 1;
    if (how === 'silent') silent.push(JSON.stringify(mutation));
  }
  console.log(
    `mutations of results.json${mend ? ', sealed again' : ''}, seed ${seed}: ${JSON.stringify(counts)}`,
  );
  return { counts, silent };
}

describe('a results.json that was cut or edited', () => {
  const { runs, seed } = amount(500);
  const timeout = 30_000 + runs * 20;

  it('is refused, whatever was done to it, or says what it said', { timeout }, () => {
    const { counts, silent } = tried(runs, seed, { mend: false });
    expect(silent.slice(0, 5)).toEqual([]);
    expect(counts.same + counts.named).toBe(runs);
    expect(counts.named).toBeGreaterThan(runs / 2);
  });

  it('would not be, were it not for its SHA-256', { timeout }, () => {
    expect(tried(Math.min(runs, 2000), seed, { mend: true }).counts.silent).toBeGreaterThan(0);
  });
});
