import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { cacheEntry, entryKey } from '../cache/cache.js';
import { hashTree } from '../cache/hashTree.js';
import { sha256OfFile } from '../../support/files/sha256.js';
import type { Downloading } from '../port/download.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { staticBusybox } from './busybox.js';
import { kernelFactsSchema, kernelFiles, readFacts, writeFacts, type KernelFacts } from './kernelMetadata.js';
import { makeInitramfs } from './initramfs.js';
import { isThere } from '../../support/files/isThere.js';
import { wantedModules } from './modules/modules.js';
import { prepareKernel } from './prepare.js';
import { kernelFile } from './sources/kernelFile.js';
import type { KernelParts } from './sources/kernelParts.js';
import type { KernelSpec } from './kernelSpec.js';

/** A kernel that is ready for a direct boot. */
export interface BootableKernel {
  /** Identifies the content: kernels with the same key boot the same bytes. */
  readonly key: string;
  readonly release: string;
  readonly image: string;
  readonly initramfs: string;
}

/** A bootable kernel with what is known of it. */
export interface KnownKernel extends BootableKernel {
  readonly facts: KernelFacts;
}

/** Fetches or copies the kernel once, and makes an initramfs for it. */
export async function bootableKernel(spec: KernelSpec, progress: EngineProgress): Promise<KnownKernel> {
  const inputs = {
    recipe: 2,
    ...(await contentOf(spec)),
    wantedModules,
    guest: await hashTree(path.join(packageRoot, 'lab', 'guest')),
  };
  const directory = await cacheEntry({
    kind: 'kernel',
    inputs,
    needsBytes: 1e9,
    note: progress.note,
    signal: progress.signal,
    make: async (partial) => {
      const busybox = await staticBusybox(progress);
      await progress.step(`making the kernel ${nameOf(spec)} bootable`, (tell) =>
        make(spec, busybox, partial, { ...progress, tell }),
      );
    },
  });
  const facts = await readFacts(spec.kind === 'stored' ? spec.directory : directory, kernelFactsSchema);
  return {
    key: entryKey('kernel', inputs),
    release: facts.release,
    image: path.join(directory, kernelFiles.image),
    initramfs: path.join(directory, 'initramfs.cpio'),
    facts,
  };
}

/** The part of the key that identifies the kernel itself: a suite's name, else hashes of its content. */
type KernelContent =
  | Extract<KernelSpec, { readonly kind: 'debian' }>
  | {
      readonly kind: 'stored' | 'file';
      readonly image: string;
      readonly modules: string | undefined;
      readonly config: string | undefined;
    };

async function contentOf(spec: KernelSpec): Promise<KernelContent> {
  if (spec.kind === 'debian') return spec;
  const { image, modules, config } =
    spec.kind === 'stored' ? await readyParts(spec.directory) : await kernelFile(spec.image, spec.modules);
  return {
    kind: spec.kind,
    image: await sha256OfFile(image),
    modules:
      modules === undefined ? undefined : await hashTree(modules, (file) => file.startsWith('kernel/')),
    config: config === undefined ? undefined : await sha256OfFile(config),
  };
}

/** Fills the kernel's cache entry, which has plain files only: the modules are inside the initramfs. */
async function make(
  spec: KernelSpec,
  busybox: string,
  directory: string,
  progress: EngineProgress & Downloading,
): Promise<void> {
  const work = path.join(directory, 'work');
  await mkdir(work);
  const ready = spec.kind === 'stored' ? spec.directory : await prepare(spec, work, progress);
  const { image, modules, config } = await readyParts(ready);
  const facts = await readFacts(ready, kernelFactsSchema);
  await makeInitramfs(path.join(work, 'initramfs'), path.join(directory, 'initramfs.cpio'), {
    busybox,
    modules,
    release: facts.release,
    signal: progress.signal,
  });
  await cp(image, path.join(directory, kernelFiles.image));
  if (config !== undefined) await cp(config, path.join(directory, kernelFiles.config));
  await writeFacts(directory, facts);
  await rm(work, { recursive: true });
}

async function prepare(
  spec: Exclude<KernelSpec, { readonly kind: 'stored' }>,
  work: string,
  { note, signal, tell }: EngineProgress & Downloading,
): Promise<string> {
  const directory = path.join(work, 'ready');
  await mkdir(directory);
  const { facts, unmet = [] } = await prepareKernel(
    { source: spec, from: nameOf(spec), note, signal, tell },
    directory,
  );
  if (unmet.length > 0) {
    const options = unmet.map(({ option, why }) => `${option} (${why})`).join(', ');
    note(`the kernel ${facts.release} lacks what some scenarios need: ${options}`);
  }
  await writeFacts(directory, facts);
  return directory;
}

/** The files of a kernel that `prepareKernel` wrote. */
async function readyParts(directory: string): Promise<KernelParts> {
  const [image, modules, config] = [kernelFiles.image, kernelFiles.modules, kernelFiles.config].map((name) =>
    path.join(directory, name),
  ) as [string, string, string];
  return {
    image,
    modules: (await isThere(modules)) ? modules : undefined,
    config: (await isThere(config)) ? config : undefined,
  };
}

function nameOf(spec: KernelSpec): string {
  switch (spec.kind) {
    case 'debian':
      return `debian:${spec.suite}`;
    case 'stored':
      return spec.name;
    case 'file':
      return spec.image;
    default:
      return spec satisfies never;
  }
}
