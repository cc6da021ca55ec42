import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readMarker } from './fingerprint.mjs';

/**
 * Makes node_modules what package-lock.json says; does nothing when it is that already.
 * @param {string} root
 * @param {import('./children.mjs').Run} run
 */
export async function ensureInstalled(root, run) {
  const wanted = fingerprint(root, ['package-lock.json']);
  // Inside node_modules, which `npm ci` removes first: an install that was cut short leaves no marker.
  const marker = join(root, 'node_modules', '.lvs-lab-lock');
  if (readMarker(marker) === wanted) return;
  process.stderr.write('installing npm packages\n');
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error']);
  if (code !== 0)
    throw new Error(`\`npm ci --ignore-scripts\` ended with exit code ${code}: see its output above`);
  writeFileSync(marker, `${wanted}\n`);
}
