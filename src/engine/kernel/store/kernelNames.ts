import { readdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { didYouMean } from '../../../support/suggest.js';
import { openOwnFolder } from '../../lifetime/ownFolder.js';
import { kernelsRoot } from './kernelsRoot.js';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The names of all added kernels, sorted. */
export function kernelNames(): readonly string[] {
  using root = openOwnFolder(kernelsRoot(), 'kept');
  if (root === undefined) return [];
  return readdirSync(root.path)
    .filter((name) => pattern.test(name))
    .sort();
}

/** The folder that the kernel of this name has or will have. Throws UsageError for an invalid name. */
export function kernelDirectory(name: string): string {
  if (pattern.test(name)) return path.join(kernelsRoot(), name);
  throw new UsageError(`\`${name}\` cannot be the name of a kernel`, {
    hint: 'take letters, digits, dots, dashes and underscores, at most 63 of them, the first a letter or a digit',
  });
}

/** The folder of the kernel that was added under this name; undefined: none was. */
export function findKernel(name: string): string | undefined {
  return kernelNames().includes(name) ? path.join(kernelsRoot(), name) : undefined;
}

/** The folder of the kernel that was added under this name. Throws a UsageError that suggests the nearest name when there is none. */
export function addedKernel(name: string): string {
  const directory = findKernel(name);
  if (directory !== undefined) return directory;
  throw new UsageError(`no kernel named \`${name}\` was added${didYouMean(name, kernelNames())}`, {
    hint: 'see what there is: lvs-lab kernel list',
  });
}
