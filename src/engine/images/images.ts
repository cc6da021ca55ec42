import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import type { EngineProgress } from '../progress.js';
import { ensureBase, type Base } from './base.js';
import { buildImage } from './build.js';
import { hasImage } from './reference.js';
import { roles, type ImageRole, type ImageSources } from './sources.js';

/** Image reference of each role that has an image of its own. */
export type ImageSet = Readonly<Record<ImageRole, string>>;

/** Makes sure that the engine has the image of every role, on the base asked for. */
export async function ensureImages(
  docker: Docker,
  base: Base,
  sources: ImageSources,
  progress: EngineProgress,
): Promise<ImageSet> {
  const reference = await ensureBase(docker, base, sources, progress);
  const images = {} as Record<ImageRole, string>;
  for (const role of roles) {
    const tag = createHash('sha256').update(reference).update(sources.hash).digest('hex').slice(0, 12);
    images[role] = `lvs-lab/${role}:${tag}`;
    if (await hasImage(docker, images[role])) continue;
    await progress.step(`building the ${role} image`, () =>
      buildImage(docker, {
        reference: images[role],
        context: sources.contexts[role],
        base: reference,
        // A base from a registry lacks packages; the engine's own network is there even where it has no bridge.
        network: base.kind === 'packages' ? 'none' : 'host',
      }),
    );
  }
  return images;
}
