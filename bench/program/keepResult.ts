import path from 'node:path';
import { packageRoot } from '../../src/support/packageRoot.js';
import { writeJson } from '../../src/support/files/writeJson.js';

/** Writes the figures of a benchmark to `bench/results/NAME.json`, and says so. */
export async function keepResult(name: string, result: object): Promise<void> {
  const file = path.join(packageRoot, 'bench/results', `${name}.json`);
  await writeJson(file, result);
  process.stderr.write(`kept in ${path.relative(process.cwd(), file)}\n`);
}
