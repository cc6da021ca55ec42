import { writeFile } from 'node:fs/promises';
import { isRefuted, type TriedCures } from '../../../proof/cureProof.js';
import { UsageError } from '../../../support/errors.js';

/**
 * Writes the best cure that changes a file, and that the lab does not refute.
 * @throws UsageError when there is none.
 */
export async function writePatch(path: string, found: TriedCures | undefined): Promise<void> {
  const best = found?.cures.find((one) => one.cure.patch !== '' && !isRefuted(one));
  if (best === undefined)
    throw new UsageError('expected a cure that changes a file for --patch, found none', {
      hint: 'Without --patch the answer says why.',
    });
  await writeFile(path, best.cure.patch);
}
