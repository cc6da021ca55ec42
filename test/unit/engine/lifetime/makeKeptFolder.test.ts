import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeKeptFolder } from '../../../../src/engine/lifetime/makeKeptFolder.js';
import { LabError } from '../../../../src/support/errors.js';
import { tempFolder } from '../tempFolder.js';

const refusalOf = async (directory: string): Promise<LabError> => {
  const error: unknown = await makeKeptFolder(directory, 'XDG_DATA_HOME').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('makeKeptFolder', () => {
  it('makes a folder, and those above it, for this user alone, and takes one that is there', async () => {
    const above = path.join(tempFolder(), 'lvs-lab');
    for (let time = 0; time < 2; time += 1)
      await makeKeptFolder(path.join(above, 'kernels'), 'XDG_DATA_HOME');
    for (const folder of [above, path.join(above, 'kernels')])
      expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('names the folder that cannot be made, and the setting that leads elsewhere', async () => {
    const file = path.join(tempFolder(), 'file');
    writeFileSync(file, '');
    for (const directory of ['/proc/lvs-lab/kernels', path.join(file, 'kernels')]) {
      const { message, hint } = await refusalOf(directory);
      expect(message).toContain(`could not make the folder ${directory}: `);
      expect(hint).toBe('point XDG_DATA_HOME at a folder that can be written to and has room');
    }
  });

  it('refuses one that others may write to, with a command that can be pasted whatever it is called', async () => {
    const folder = path.join(tempFolder(), 'my data');
    mkdirSync(folder);
    chmodSync(folder, 0o775);
    const { message, hint } = await refusalOf(folder);
    expect(message).toContain('its mode is 775, so that others may write to it');
    expect(hint).toContain(`chmod go-w '${folder}'`);
    chmodSync(folder, 0o755);
    await makeKeptFolder(folder, 'XDG_DATA_HOME');
  });
});
