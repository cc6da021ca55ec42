import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/support/packageRoot.js';

const library = join(packageRoot, 'scenarios');

/** The text of a scenario of the library as it can stand anywhere, and be edited: with the texts of its rule files in it. */
export function libraryText(id: string): string {
  const text = readFileSync(join(library, `${id}.yaml`), 'utf8');
  return text.replaceAll(
    /^( *)(\w+): \{ file: \.\.\/(rules\/\S+) \}$/gm,
    (_, indent: string, key: string, name: string) => {
      const lines = readFileSync(join(library, name), 'utf8').trimEnd().split('\n');
      return [`${indent}${key}: |`, ...lines.map((line) => `${indent}  ${line}`)].join('\n');
    },
  );
}
