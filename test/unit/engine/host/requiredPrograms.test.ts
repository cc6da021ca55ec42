import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  missingPrograms,
  requiredPrograms,
  refuseMissingPrograms,
} from '../../../../src/engine/host/requiredPrograms.js';
import { LabError } from '../../../../src/support/errors.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const programs = requiredPrograms()
  .map(({ program }) => program)
  .filter((program) => !path.isAbsolute(program));

/** A folder with stand-ins for all programs, or for all but some. */
function binFolder(without: readonly string[] = [], mode = 0o755): string {
  const folder = tempFolder();
  for (const program of programs)
    if (!without.includes(program)) writeFileSync(path.join(folder, program), '#!/bin/sh\n', { mode });
  return folder;
}

const missingOf = async (searchPath: string): Promise<string[]> =>
  (await missingPrograms(searchPath))
    .map(({ program }) => program)
    .filter((program) => !path.isAbsolute(program));

describe('missingPrograms', () => {
  it('finds programs in any folder of PATH', async () => {
    expect(await missingOf(['/nowhere', '', binFolder()].join(path.delimiter))).toEqual([]);
  });

  // Not in a folder for system programs on any system, where they would be found whatever PATH says.
  it('misses what is not there, and what cannot be executed', async () => {
    const without = ['qemu-system-x86_64', 'mmdebstrap'];
    expect(await missingOf(binFolder(without))).toEqual(without);
    const files = requiredPrograms().filter(({ program }) => without.includes(program));
    expect(files.map((one) => one.package)).toEqual(['qemu-system-x86', 'mmdebstrap']);
    expect(await missingOf(binFolder([], 0o644))).toEqual(expect.arrayContaining(without));
  });
});

describe('wantPrograms', () => {
  it('says what is missing, what for, and the command that installs it', async () => {
    withEnvironment({ PATH: binFolder(['qemu-system-x86_64', 'qemu-img']) });
    const error = await refuseMissingPrograms().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    const { message, hint } = error as LabError;
    expect(message).toContain(
      'the VM engine needs what is not installed: qemu-system-x86_64 (runs the guest), qemu-img (',
    );
    expect(hint).toContain('sudo apt-get install -y --no-install-recommends qemu-system-x86 qemu-utils');
  });
});
