import path from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { filterAsync } from '../../../support/filterAsync.js';
import { readKernelImage } from './image.js';
import { isThere } from '../../../support/files/isThere.js';
import type { KernelParts } from './kernelParts.js';

/** The parts of a kernel that is a bzImage. Its modules are in the folder named or in /lib/modules/RELEASE; else all is built in. */
export async function kernelFile(image: string, modules: string | undefined): Promise<KernelParts> {
  const { release } = await readKernelImage(image);
  const folder = await modulesFolder(modules, release);
  const beside = [
    path.join(path.dirname(image), `config-${release}`),
    ...(folder === undefined ? [] : [path.join(folder, 'config')]),
  ];
  const [config] = await filterAsync(beside, isThere);
  return { image, modules: folder, config };
}

/** Checks a folder that the user gave as /lib/modules/RELEASE. When none was given, finds the usual one. */
export async function modulesFolder(given: string | undefined, release: string): Promise<string | undefined> {
  const folder = given ?? path.join('/lib/modules', release);
  if (await isThere(path.join(folder, 'kernel'))) return folder;
  if (given === undefined) return undefined;
  throw new UsageError(`${given} is no modules directory, expected it to have a folder \`kernel\``, {
    hint: `give the directory that is installed as /lib/modules/${release}`,
  });
}
