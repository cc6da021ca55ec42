import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isThere } from '../../../support/files/isThere.js';
import type { KernelParts } from './kernelParts.js';

/**
 * Finds a kernel below a root that packages were unpacked into; undefined when there is none. Distributions put it into /boot or, as Fedora
 * does, and Debian since Linux 7, beside its modules; these are in /lib or /usr/lib.
 */
export async function findInRoot(root: string): Promise<KernelParts | undefined> {
  const [modules] = await Promise.all(
    ['lib/modules', 'usr/lib/modules'].map((folder) => entriesOf(path.join(root, folder))),
  ).then((found) => found.flat());
  const boot = await entriesOf(path.join(root, 'boot'));
  const image =
    boot.find((file) => path.basename(file).startsWith('vmlinuz')) ?? (await existing(modules, 'vmlinuz'));
  if (image === undefined) return undefined;
  return {
    image,
    modules: (await existing(modules, 'kernel')) === undefined ? undefined : modules,
    config:
      boot.find((file) => path.basename(file).startsWith('config-')) ?? (await existing(modules, 'config')),
  };
}

async function existing(folder: string | undefined, name: string): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const file = path.join(folder, name);
  return (await isThere(file)) ? file : undefined;
}

const entriesOf = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (names) => names.sort().map((name) => path.join(folder, name)),
    () => [],
  );
