import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { programFile } from '../../../src/support/programFile.js';
import { tempFolder } from '../engine/tempFolder.js';

/** A folder with a file `tool` of this mode. */
function folderWith(mode: number): string {
  const folder = path.join(tempFolder(), 'bin');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'tool'), '');
  chmodSync(path.join(folder, 'tool'), mode);
  return folder;
}

describe('programFile', () => {
  it('is in the first folder that has the program', () => {
    const [first, second] = [folderWith(0o755), folderWith(0o755)];
    expect(programFile('tool', `/nowhere:${first}:${second}`)).toBe(path.join(first, 'tool'));
  });

  it('is no file that cannot be run', () => {
    const [plain, program] = [folderWith(0o644), folderWith(0o755)];
    expect(programFile('tool', `${plain}:${program}`)).toBe(path.join(program, 'tool'));
    expect(programFile('tool', plain)).toBeUndefined();
  });

  it('is not looked for where an empty folder is named, which a shell takes for the current one', () => {
    expect(programFile('package.json', ':')).toBeUndefined();
    expect(programFile('tool', '')).toBeUndefined();
  });
});
