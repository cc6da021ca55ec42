import type Docker from 'dockerode';
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { cacheEntry, entryKey } from '../cache/cache.js';
import { cacheRoot } from '../lifetime/paths.js';
import { bootstrap } from '../debian/mmdebstrap.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { followBuild } from './build.js';
import { PullDownload } from './pullDownload.js';
import { hasImage } from './reference.js';
import type { SavedSet } from './savedSets.js';

/** What the images of roles are built on. */
export type Base =
  /** Made from a Debian suite's packages, without a registry. */
  | { readonly kind: 'packages'; readonly suite: string }
  /** An image that is pulled from a registry, or that the engine already has. */
  | { readonly kind: 'reference'; readonly reference: string }
  /** A set of role images that was loaded from another machine: there is nothing to build. */
  | ({ readonly kind: 'saved' } & SavedSet);

/** The inputs of a base archive's cache entry. */
const archiveInputs = (suite: string, packages: readonly string[]) => ({ recipe: 1, suite, packages });

/** Makes sure that the base is on the engine; returns its reference. */
export async function provideBase(
  docker: Docker,
  base: Exclude<Base, { readonly kind: 'saved' }>,
  packages: readonly string[],
  progress: EngineProgress,
): Promise<string> {
  if (base.kind === 'reference') {
    if (!(await hasImage(docker, base.reference))) await pull(docker, base.reference, progress);
    return base.reference;
  }
  const { key, file } = await baseArchive(base.suite, packages, progress);
  const reference = `lvs-lab/base:${key}`;
  if (await hasImage(docker, reference)) return reference;
  await progress.step(`importing Debian ${base.suite} into the engine`, async () => {
    const stream = await docker.importImage(createReadStream(file), { repo: 'lvs-lab/base', tag: key });
    await followBuild(docker, stream, `import ${reference}`);
  });
  return reference;
}

/** A tar of a Debian system with these packages, made once for all engines. */
export async function baseArchive(
  suite: string,
  packages: readonly string[],
  progress: EngineProgress,
): Promise<{ readonly key: string; readonly file: string }> {
  const inputs = archiveInputs(suite, packages);
  const directory = await cacheEntry({
    kind: 'base',
    inputs,
    needsBytes: 1e9,
    note: progress.note,
    signal: progress.signal,
    make: (partial) =>
      progress.step(`making a base image from Debian ${suite}'s packages`, (tell) =>
        bootstrap({
          purpose: `make a base image from Debian ${suite}'s packages`,
          suite,
          variant: 'essential',
          packages,
          output: path.join(partial, 'base.tar'),
          signal: progress.signal,
          tell,
        }),
      ),
  });
  return { key: entryKey('base', inputs), file: path.join(directory, 'base.tar') };
}

/** Whether the archive of a suite is in the cache. */
export function hasBaseArchive(suite: string, packages: readonly string[]): boolean {
  return existsSync(path.join(cacheRoot(), entryKey('base', archiveInputs(suite, packages))));
}

async function pull(docker: Docker, reference: string, progress: EngineProgress): Promise<void> {
  await progress.step(`pulling ${reference}`, async (tell) => {
    try {
      const download = new PullDownload();
      await followBuild(docker, await docker.pull(reference), `pull ${reference}`, (event) => {
        const told = download.take(event);
        if (told !== undefined) tell(told);
      });
      const whole = download.end();
      if (whole !== undefined) tell(whole);
    } catch (error) {
      throw new LabError(`could not pull the base image ${reference}`, {
        hint: 'check the name and the network, or take --image debian:SUITE, which is made from packages where no registry answers',
        cause: error,
      });
    }
  });
}
