import type Docker from 'dockerode';
import { createReadStream } from 'node:fs';
import { LabError } from '../../support/errors.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { followBuild } from './build.js';
import { hasImage } from './reference.js';
import type { SavedSet } from './savedSets.js';

/** Makes sure that the engine has the images of a saved set. */
export async function provideSaved(
  docker: Docker,
  { image, images, archive }: SavedSet,
  progress: EngineProgress,
): Promise<SavedSet['images']> {
  const missing = () => firstMissing(docker, Object.values(images));
  if ((await missing()) === undefined) return images;
  await progress.step(`loading the saved images of ${image} into the engine`, async () => {
    await followBuild(docker, await docker.loadImage(createReadStream(archive)), `load ${archive}`);
  });
  const still = await missing();
  if (still === undefined) return images;
  throw new LabError(`the engine took the saved images of ${image}, and has no ${still}`, {
    hint: 'save the set again, on an engine of the same architecture, and load that',
  });
}

async function firstMissing(docker: Docker, references: readonly string[]): Promise<string | undefined> {
  for (const reference of references) if (!(await hasImage(docker, reference))) return reference;
  return undefined;
}
