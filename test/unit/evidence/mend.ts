import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { manifestFile } from '../../../src/evidence/directory/sealed/manifest.js';
import { seal } from '../../../src/run/recording/seal.js';

/** Makes the manifest of a scenario's folder anew, so that what a test has changed counts as what was recorded. */
export async function mendManifest(directory: string): Promise<void> {
  rmSync(path.join(directory, manifestFile), { force: true });
  await seal(directory, 'plan');
  for (const phase of ['control', 'measured'] as const) {
    if (existsSync(path.join(directory, phase))) await seal(directory, phase);
  }
}
