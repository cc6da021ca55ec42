import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { LabError } from '../../support/errors.js';
import { matchShape } from '../../support/parseJson.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { provideBase, type Base } from './base.js';
import { buildImage } from './build.js';
import { basePackages, type ImageGroup } from './groups.js';
import { provideSaved } from './loadSaved.js';
import { hasImage } from './reference.js';
import { imagesOf } from './savedSets.js';
import type { ImageRole, ImageSources } from './imageSources.js';

/** The image reference of each role that has an image of its own. */
export const imageSetSchema = imagesOf(z.string());
export type ImageSet = Immutable<z.infer<typeof imageSetSchema>>;

/**
 * Makes sure that the engine has an image for every role, each on the first base of its group that works. When none works, the error tells
 * why for each.
 */
export async function provideImages(
  docker: Docker,
  groups: readonly ImageGroup[],
  sources: ImageSources,
  progress: EngineProgress,
): Promise<ImageSet> {
  let images: Partial<ImageSet> = {};
  for (const group of groups)
    images = { ...images, ...(await provideGroup({ docker, sources, progress }, group)) };
  return matchShape(imageSetSchema, images);
}

/** The engine that images are made on, what they are made of, and where progress goes. */
interface ImageBuildContext {
  readonly docker: Docker;
  readonly sources: ImageSources;
  readonly progress: EngineProgress;
}

async function provideGroup(
  context: ImageBuildContext,
  { roles, bases }: ImageGroup,
): Promise<Partial<ImageSet>> {
  const failures: LabError[] = [];
  for (const base of bases) {
    try {
      return await provideOn(context, base, roles);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      failures.push(error);
      if (bases.length > 1) context.progress.note(`${error.message}; trying another base`);
    }
  }
  throw failures.length === 1 && failures[0] !== undefined
    ? failures[0]
    : new LabError("no base image could be had for the lab's images", {
        details: failures
          .map(({ message, details }) => `${message}${details === undefined ? '' : `\n${details}`}`)
          .join('\n'),
      });
}

async function provideOn(
  { docker, sources, progress }: ImageBuildContext,
  base: Base,
  roles: readonly ImageRole[],
): Promise<Partial<ImageSet>> {
  if (base.kind === 'saved') return provideSaved(docker, base, progress);
  const packages = base.kind === 'packages' ? basePackages(base.suite, roles, sources) : [];
  const reference = await provideBase(docker, base, packages, progress);
  const { contexts, hash } = base.kind === 'packages' ? sources : sources.elsewhere;
  const tag = createHash('sha256').update(reference).update(hash).digest('hex').slice(0, 12);
  const images: Partial<Record<ImageRole, string>> = {};
  for (const role of roles) {
    const image = `lvs-lab/${role}:${tag}`;
    images[role] = image;
    if (await hasImage(docker, image)) continue;
    await progress.step(`building the ${role} image`, () =>
      buildImage(docker, {
        reference: image,
        context: contexts[role],
        base: reference,
        // A base from a registry lacks packages; the engine's own network is there even where it has no bridge.
        network: base.kind === 'packages' ? 'none' : 'host',
      }),
    );
  }
  return images;
}
