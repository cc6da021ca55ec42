import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../bootstrap/children.mjs';
import { fingerprint, readMarker } from '../bootstrap/fingerprint.mjs';

const sources = [
  'src',
  'lab/clients',
  'lab/namespace',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Makes dist from the sources; does nothing when it was made from these very sources. */
export async function ensureBuilt(root: string, run: Run): Promise<void> {
  const wanted = fingerprint(root, sources);
  const marker = join(root, 'dist', '.lvs-lab-sources');
  if (readMarker(marker) === wanted) return;
  process.stderr.write('building\n');
  // All of it: the compiler would leave behind what came from a source that is gone.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const code = await run('npm', ['run', '--silent', 'build']);
  if (code !== 0) throw new Error(`\`npm run build\` ended with exit code ${code}: see its output above`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(marker, `${wanted}\n`);
}
