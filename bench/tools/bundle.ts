import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hostCommand } from '../../src/support/exec.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import type { ClientPlace } from '../places/clientPlace.js';

/** Programs that run in the client, on another Node and without packages: each a folder with a `main.ts`. */
type BundleFolder = 'lab/clients/raw' | 'bench/floods/agentSockets' | 'bench/floods/rawSocket';

/** Bundles a program as `npm run build:agent` does, puts it into the client, and resolves with its path there. `scratch`: where it is made. */
export async function putBundle(place: ClientPlace, scratch: string, folder: BundleFolder): Promise<string> {
  // Of options given twice the last one counts: names are those of the folders, below the repository.
  const options = ['--outbase=.', `--outdir=${scratch}`];
  await hostCommand(['npm', 'run', '--silent', 'build:agent', '--', `${folder}/main.ts`, ...options], {
    purpose: `bundle ${folder}`,
    seconds: 120,
    cwd: packageRoot,
  });
  return place.put(path.join(scratch, `${folder}.cjs`));
}

/** Does the same for a program that uses the agent's sockets, and puts koffi's binary beside it. */
export async function putAgentBundle(
  place: ClientPlace,
  scratch: string,
  folder: BundleFolder,
): Promise<string> {
  const bundle = await putBundle(place, scratch, folder);
  // Where it is put natively: nowhere, so it has to be beside the bundle here already.
  const binary = path.join(scratch, path.dirname(folder), 'koffi.node');
  await copyFile(koffiBinary(), binary);
  await place.put(binary);
  return bundle;
}

function koffiBinary(): string {
  const koffi = createRequire(import.meta.url).resolve('koffi');
  const name = `linux-${process.arch}`;
  const manifest = createRequire(koffi).resolve(`@koromix/koffi-${name}/package.json`);
  return path.join(path.dirname(manifest), name.replace('-', '_'), 'koffi.node');
}
