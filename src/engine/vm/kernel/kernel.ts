import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashTree } from '../../cache/hashTree.js';
import { hostCommand } from '../../../support/exec.js';
import { LabError, UsageError } from '../../../support/errors.js';
import { packageRoot } from '../../../support/packageRoot.js';
import { cacheEntry, entryKey } from '../../cache/cache.js';
import { sha256OfFile } from '../../cache/manifest.js';
import { bootstrap } from '../../debian/mmdebstrap.js';
import type { EngineProgress } from '../../progress.js';
import { readKernelRelease } from './image.js';
import { makeInitramfs } from './initramfs.js';
import { wantedModules } from './modules.js';
import type { KernelSpec } from './spec.js';

/** A kernel ready for a direct boot. */
export interface BootableKernel {
  /** Identifies the content: two kernels with the same key boot the same bytes. */
  readonly key: string;
  readonly release: string;
  readonly image: string;
  readonly initramfs: string;
}

/** Fetches or copies the kernel once, with an initramfs made for it. */
export async function bootableKernel(spec: KernelSpec, progress: EngineProgress): Promise<BootableKernel> {
  const inputs = {
    recipe: 1,
    ...(await describe(spec)),
    wantedModules,
    guest: await hashTree(path.join(packageRoot, 'lab', 'guest')),
  };
  const directory = await cacheEntry({
    kind: 'kernel',
    inputs,
    needsBytes: 1e9,
    note: progress.note,
    make: (partial) =>
      progress.step(`making the kernel ${name(spec)} bootable`, () => make(spec, partial, progress.signal)),
  });
  const image = path.join(directory, 'vmlinuz');
  return {
    key: entryKey('kernel', inputs),
    release: await readKernelRelease(image),
    image,
    initramfs: path.join(directory, 'initramfs.cpio'),
  };
}

/** The part of the key that stands for the kernel itself. A modules folder is known by its release and index. */
async function describe(spec: KernelSpec): Promise<object> {
  if (spec.kind === 'debian') return spec;
  const release = await readKernelRelease(spec.image);
  const modules = await modulesOf(spec, release);
  return {
    kind: 'file',
    release,
    image: await sha256OfFile(spec.image),
    modules:
      modules === undefined ? undefined : await hashTree(modules, (file) => file.startsWith('kernel/')),
  };
}

async function make(spec: KernelSpec, directory: string, signal: AbortSignal): Promise<void> {
  const work = path.join(directory, 'work');
  await mkdir(work);
  const debian = await unpackDebianKernel(spec.kind === 'debian' ? spec.suite : 'bookworm', work, signal);
  const image = spec.kind === 'debian' ? debian.image : spec.image;
  const release = await readKernelRelease(image);
  const modules =
    spec.kind === 'debian' ? path.join(work, 'lib', 'modules', release) : await modulesOf(spec, release);
  await cp(image, path.join(directory, 'vmlinuz'));
  await makeInitramfs(path.join(work, 'initramfs'), path.join(directory, 'initramfs.cpio'), {
    busybox: debian.busybox,
    modules,
    release,
    signal,
  });
  await rm(work, { recursive: true, force: true });
}

/** Downloads a suite's kernel package and a static busybox, and unpacks what is needed of them into `work`. */
async function unpackDebianKernel(
  suite: string,
  work: string,
  signal: AbortSignal,
): Promise<{ readonly image: string; readonly busybox: string }> {
  const archive = path.join(work, 'kernel.tar');
  await bootstrap({
    purpose: `fetch the kernel of Debian ${suite}`,
    suite,
    variant: 'extract',
    packages: ['linux-image-amd64', 'busybox-static'],
    output: archive,
    signal,
  });
  await hostCommand(
    [
      'tar',
      '-x',
      '-f',
      archive,
      '-C',
      work,
      '--wildcards',
      './boot/vmlinuz-*',
      './*lib/modules/*',
      './*bin/busybox',
    ],
    { purpose: `unpack the kernel of Debian ${suite}`, seconds: 120, signal },
  );
  await rm(archive);
  const image = (await readdir(path.join(work, 'boot'))).find((file) => file.startsWith('vmlinuz-'));
  if (image === undefined)
    throw new LabError(`Debian ${suite}'s linux-image-amd64 brought no /boot/vmlinuz-*`);
  // Suites after bookworm ship everything below /usr.
  for (const name of ['lib', 'bin']) {
    if (!(await isThere(path.join(work, name))))
      await cp(path.join(work, 'usr', name), path.join(work, name), { recursive: true });
  }
  return { image: path.join(work, 'boot', image), busybox: path.join(work, 'bin', 'busybox') };
}

/** The modules folder of a kernel file: the one named, or /lib/modules/RELEASE, or none (all built in). */
async function modulesOf(
  spec: Extract<KernelSpec, { readonly kind: 'file' }>,
  release: string,
): Promise<string | undefined> {
  if (spec.modules === undefined) {
    const usual = path.join('/lib/modules', release);
    return (await isThere(path.join(usual, 'kernel'))) ? usual : undefined;
  }
  if (await isThere(path.join(spec.modules, 'kernel'))) return spec.modules;
  throw new UsageError(
    `--kernel: ${spec.modules} is no modules directory, expected it to have a folder \`kernel\``,
    {
      hint: `give the directory that is installed as /lib/modules/${release}`,
    },
  );
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

const name = (spec: KernelSpec): string => (spec.kind === 'debian' ? `of Debian ${spec.suite}` : spec.image);
