import type Docker from 'dockerode';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { cacheEntry, entryKey } from '../cache/cache.js';
import { bootstrap } from '../debian/mmdebstrap.js';
import type { EngineProgress } from '../progress.js';
import { followBuild } from './build.js';
import { hasImage } from './reference.js';
import type { ImageSources } from './sources.js';

/** What role images are built on. */
export type Base =
  /** Made from a Debian suite's packages, without a registry. */
  | { readonly kind: 'packages'; readonly suite: string }
  /** Pulled from a registry, or already on the engine. */
  | { readonly kind: 'reference'; readonly reference: string };

/** Makes sure that the base is on the engine; returns its reference. */
export async function ensureBase(
  docker: Docker,
  base: Base,
  sources: ImageSources,
  progress: EngineProgress,
): Promise<string> {
  if (base.kind === 'reference') {
    if (!(await hasImage(docker, base.reference))) await pull(docker, base.reference, progress);
    return base.reference;
  }
  const { key, file } = await baseArchive(base.suite, sources, progress);
  const reference = `lvs-lab/base:${key}`;
  if (await hasImage(docker, reference)) return reference;
  await progress.step(`importing Debian ${base.suite} into the engine`, async () => {
    const stream = await docker.importImage(createReadStream(file), { repo: 'lvs-lab/base', tag: key });
    await followBuild(docker, stream, `import ${reference}`);
  });
  return reference;
}

/** A tar of a Debian system with the packages of every role, made once for all engines. */
export async function baseArchive(
  suite: string,
  sources: ImageSources,
  progress: EngineProgress,
): Promise<{ readonly key: string; readonly file: string }> {
  const inputs = { recipe: 1, suite, packages: sources.packages };
  const directory = await cacheEntry({
    kind: 'base',
    inputs,
    needsBytes: 1e9,
    note: progress.note,
    make: (partial) =>
      progress.step(`making a base image from Debian ${suite}'s packages`, () =>
        bootstrap({
          purpose: `make a base image from Debian ${suite}'s packages`,
          suite,
          variant: 'essential',
          packages: sources.packages,
          output: path.join(partial, 'base.tar'),
          signal: progress.signal,
        }),
      ),
  });
  return { key: entryKey('base', inputs), file: path.join(directory, 'base.tar') };
}

async function pull(docker: Docker, reference: string, progress: EngineProgress): Promise<void> {
  await progress.step(`pulling ${reference}`, async () => {
    try {
      await followBuild(docker, await docker.pull(reference), `pull ${reference}`);
    } catch (error) {
      throw new LabError(`could not pull the base image ${reference}`, {
        hint: 'check the name and the network, or leave --base out to have one made from Debian packages',
        cause: error,
      });
    }
  });
}
