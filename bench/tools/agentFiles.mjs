import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../measured.mjs';

/** @import { Place } from '../place.mjs' */

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles `<folder>/main.ts` of the repository as `npm run build:agent` does, and puts it into the client with koffi's binary beside it.
 * @param {Place} place @param {string} scratch @param {'lab/clients/raw' | 'bench/flood'} folder
 * @returns {Promise<string>} the bundle's path in the client
 */
export async function putBundle(place, scratch, folder) {
  // Of options given twice the last one counts: names are those of the folders, below the repository.
  const options = ['--outbase=.', `--outdir=${scratch}`];
  await run(['npm', 'run', '--silent', 'build:agent', '--', `${folder}/main.ts`, ...options], {
    cwd: repository,
  });
  const bundle = path.join(scratch, `${folder}.cjs`);
  const binary = path.join(path.dirname(bundle), 'koffi.node');
  await copyFile(koffiBinary(), binary);
  await place.put(binary);
  return place.put(bundle);
}

function koffiBinary() {
  const koffi = createRequire(import.meta.url).resolve('koffi');
  const name = `linux-${process.arch}`;
  const manifest = createRequire(koffi).resolve(`@koromix/koffi-${name}/package.json`);
  return path.join(path.dirname(manifest), name.replace('-', '_'), 'koffi.node');
}
