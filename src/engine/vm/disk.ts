import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { cacheEntry, entryKey } from '../cache/cache.js';
import type { Base } from '../images/base.js';
import { baseArchive } from '../images/base.js';
import { ensureImages, type ImageSet } from '../images/images.js';
import { readImageSources, type ImageSources } from '../images/sources.js';
import type { EngineProgress } from '../progress.js';
import type { BootableKernel } from './kernel/kernel.js';
import type { MachineShape } from './machineArgs.js';
import { guestRoot } from './root.js';
import { withVm } from './running.js';

/** What a guest disk is made of; takes a while to make, and needs no kernel. */
export interface DiskParts {
  /** A disk with the guest's own system. */
  readonly root: string;
  readonly base: Base;
  /** The base image's archive; undefined: it is pulled from a registry. */
  readonly archiveKey: string | undefined;
  readonly sources: ImageSources;
}

/** Makes the guest's root and the base of its images, at the same time. */
export async function diskParts(base: Base, progress: EngineProgress): Promise<DiskParts> {
  const sources = await readImageSources();
  const [root, archive] = await Promise.all([
    guestRoot(progress),
    base.kind === 'packages' ? baseArchive(base.suite, sources, progress) : undefined,
  ]);
  return { root, base, archiveKey: archive?.key, sources };
}

export interface DiskRequest {
  readonly kernel: BootableKernel;
  readonly shape: MachineShape;
  readonly parts: DiskParts;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
}

/** A guest disk with the lab's images in its Docker engine. */
export interface GuestDisk {
  readonly key: string;
  readonly file: string;
  readonly images: ImageSet;
}

const imagesFile = 'images.json';

/** Boots the guest once to load the images into its engine; the kernel that does it is not part of the key, for it leaves no trace. */
export async function guestDisk(request: DiskRequest): Promise<GuestDisk> {
  const { parts, progress } = request;
  const { root, base, archiveKey, sources } = parts;
  const inputs = {
    recipe: 1,
    root: path.basename(path.dirname(root)),
    base,
    archive: archiveKey,
    images: sources.hash,
  };
  const directory = await cacheEntry({
    kind: 'disk',
    inputs,
    needsBytes: 2e9,
    note: progress.note,
    make: async (partial) => {
      const file = path.join(partial, 'disk.qcow2');
      await makeOverlay(root, file, progress.signal);
      const images = await withVm(
        { ...request, disk: file, state: undefined, outbound: base.kind === 'reference' },
        async ({ docker, powerOff }) => {
          const loaded = await ensureImages(docker, base, sources, progress);
          await progress.step('writing the guest disk', powerOff);
          return loaded;
        },
      );
      await writeFile(path.join(partial, imagesFile), JSON.stringify(images));
    },
  });
  return {
    key: entryKey('disk', inputs),
    file: path.join(directory, 'disk.qcow2'),
    images: JSON.parse(await readFile(path.join(directory, imagesFile), 'utf8')) as ImageSet,
  };
}

/** A qcow2 file that reads from `backing` and keeps what is written to itself. */
export async function makeOverlay(backing: string, file: string, signal: AbortSignal): Promise<void> {
  await hostCommand(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', backing, file], {
    purpose: 'make a disk overlay',
    seconds: 60,
    signal,
  });
}
