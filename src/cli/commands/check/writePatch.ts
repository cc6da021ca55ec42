import { writeFile } from 'node:fs/promises';
import type { Cures } from '../../../cure/model/cure.js';
import { UsageError } from '../../../support/errors.js';

/**
 * Writes the best cure that changes a file.
 * @throws UsageError when there is none.
 */
export async function writePatch(path: string, found: Cures | undefined): Promise<void> {
  const patch = found?.cures.find((cure) => cure.patch !== '')?.patch;
  if (patch === undefined)
    throw new UsageError('expected a cure that changes a file for --patch, found none', {
      hint: 'Without --patch the answer says why.',
    });
  await writeFile(path, patch);
}
