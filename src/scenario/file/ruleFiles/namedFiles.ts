import { dirname, resolve } from 'node:path';
import { ruleReferences } from './references.js';
import { foreignText } from '../yaml/foreignText.js';
import { parseSource } from '../yaml/sourceDocument.js';
import { readTextFile } from '../yaml/readFile.js';

/**
 * The absolute paths of the files that a scenario is made of: its own, and those of rules that it names, whether or not they are there, and whatever
 * else is wrong with it. Of a file that cannot be read, or is no YAML, only its own.
 */
export async function namedFiles(file: string): Promise<readonly string[]> {
  const content = await readTextFile(file, 'a scenario file');
  if ('problem' in content || foreignText(content.text) !== undefined) return [file];
  const named = ruleReferences(parseSource(content.text).data);
  return [...new Set([file, ...named.map((one) => resolve(dirname(file), one.file))])];
}
