import path from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { readKernelImage } from './image.js';
import { isThere } from '../../../support/files/isThere.js';
import type { KernelParts } from './kernelParts.js';

/** A bzImage that somebody has; its modules are in the folder named, or in /lib/modules/RELEASE, or all built in. */
export async function kernelFile(image: string, modules: string | undefined): Promise<KernelParts> {
  const { release } = await readKernelImage(image);
  const folder = await modulesFolder(modules, release);
  const beside = [
    path.join(path.dirname(image), `config-${release}`),
    ...(folder === undefined ? [] : [path.join(folder, 'config')]),
  ];
  const found = await Promise.all(beside.map(isThere));
  return { image, modules: folder, config: beside.find((_, index) => found[index]) };
}

/** Checks a folder that is given as /lib/modules/RELEASE, or finds the usual one. */
export async function modulesFolder(given: string | undefined, release: string): Promise<string | undefined> {
  const folder = given ?? path.join('/lib/modules', release);
  if (await isThere(path.join(folder, 'kernel'))) return folder;
  if (given === undefined) return undefined;
  throw new UsageError(`${given} is no modules directory, expected it to have a folder \`kernel\``, {
    hint: `give the directory that is installed as /lib/modules/${release}`,
  });
}
