import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { readRegularText } from '../../../support/files/readRegular.js';
import { isThere } from '../../../support/files/isThere.js';
import { moduleIndexes } from '../modules/moduleTree.js';
import type { KernelParts } from './kernelParts.js';

/** The largest text file that is read, in bytes; a list of modules or a configuration is smaller. */
const largestText = 16 * 1024 ** 2;

const imageFile = 'arch/x86/boot/bzImage';

/**
 * The files of a kernel's build tree: its bzImage, its .config, and the modules that were built, laid out below `work` as `make
 * modules_install` would. Rejects with a UsageError when nothing was built there.
 */
export async function layOutTree(tree: string, work: string): Promise<KernelParts> {
  const image = path.join(tree, imageFile);
  const config = path.join(tree, '.config');
  if (!(await isThere(image))) throw await notBuilt(tree, config);
  return {
    image,
    modules: await linkModules(tree, path.join(work, 'modules')),
    config: (await isThere(config)) ? config : undefined,
  };
}

async function notBuilt(tree: string, config: string): Promise<UsageError> {
  const [, architecture] =
    /^# Linux\/(\S+) /m.exec(await readRegularText(config, largestText).catch(() => '')) ?? [];
  const isOther = architecture !== undefined && !['x86', 'x86_64'].includes(architecture);
  return new UsageError(
    isOther
      ? `${tree} is configured for another architecture, ${architecture}, and the lab boots x86-64 kernels`
      : `${tree} is no build tree of a kernel: it has no ${imageFile}`,
    {
      hint: isOther
        ? 'configure and build it with ARCH=x86'
        : 'build the kernel there: make -j"$(nproc)" bzImage modules',
    },
  );
}

/** Makes links to the modules of modules.order; undefined when it names none, because then everything is built in. */
async function linkModules(tree: string, target: string): Promise<string | undefined> {
  const files = moduleFiles(
    await readRegularText(path.join(tree, 'modules.order'), largestText).catch(() => ''),
  );
  if (files.length === 0) return undefined;
  const missing: string[] = [];
  for (const file of files) {
    const module = path.join(tree, file);
    const link = path.join(target, 'kernel', file);
    await mkdir(path.dirname(link), { recursive: true });
    if (await isThere(module)) await symlink(module, link);
    else missing.push(file);
  }
  if (missing.length > 0) {
    throw new UsageError(
      `${tree}: ${missing.length} of the ${files.length} modules in modules.order are not built, for instance ${missing[0] ?? ''}`,
      { hint: 'build them: make -j"$(nproc)" modules' },
    );
  }
  for (const name of moduleIndexes)
    await cp(path.join(tree, name), path.join(target, name)).catch(() => undefined);
  return target;
}

/** Paths of the modules in the tree, whose list has `kernel/net/x.ko` until Linux 6.1 and `net/x.o` since. */
function moduleFiles(order: string): readonly string[] {
  return order
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^kernel\//, '').replace(/\.k?o$/, '.ko'));
}
