import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlainCase } from './plainCase.js';

/** Makes a folder with a folder for each case, as script/cases.sh takes them. */
export async function writeCases(folder: string, cases: readonly PlainCase[]): Promise<void> {
  for (const [index, { files }] of cases.entries()) {
    const own = path.join(folder, String(index + 1).padStart(3, '0'));
    await mkdir(own, { recursive: true });
    for (const [name, text] of files) await writeFile(path.join(own, name), text);
  }
}
