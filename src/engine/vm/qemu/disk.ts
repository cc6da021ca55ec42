import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand, type HostCommandOptions } from '../../../support/exec.js';
import { cacheEntry, entryKey } from '../../cache/cache.js';
import { readEntryRecord } from '../../cache/entryRecord.js';
import { baseArchive, type Base } from '../../images/base.js';
import type { SavedSet } from '../../images/savedSets.js';
import { basePackages, type ImageGroup } from '../../images/groups.js';
import { provideImages, imageSetSchema, type ImageSet } from '../../images/imageSet.js';
import { readImageSources, type ImageSources } from '../../images/imageSources.js';
import type { EngineProgress } from '../../port/engineProgress.js';
import type { BootableKernel } from '../../kernel/bootableKernel.js';
import type { VmSize } from './machineArgs.js';
import { guestRoot } from '../../debian/guestRoot.js';
import { withVm } from './runningVm.js';

/** What the content of a group's images depends on, as plain data without paths. */
type GroupContent =
  | { readonly base: Pick<SavedSet, 'image' | 'sha256'> & { readonly kind: 'saved' } }
  | {
      readonly base: Exclude<Base, { kind: 'saved' }> | undefined;
      readonly images: string;
      readonly archive?: string;
    };

/** The parts that a guest disk is made of. Making them takes a while, but needs no kernel. */
export interface DiskParts {
  /** Path of a disk with the guest's own system. */
  readonly root: string;
  readonly groups: readonly ImageGroup[];
  readonly content: readonly GroupContent[];
  readonly sources: ImageSources;
}

/** Makes the guest's root and the bases of its images, at the same time. */
export async function diskParts(groups: readonly ImageGroup[], progress: EngineProgress): Promise<DiskParts> {
  const sources = await readImageSources();
  const [root, ...content] = await Promise.all([
    guestRoot(progress),
    ...groups.map((group) => groupContent(group, sources, progress)),
  ]);
  return { root, groups, content, sources };
}

async function groupContent(
  { roles, bases: [base] }: ImageGroup,
  sources: ImageSources,
  progress: EngineProgress,
): Promise<GroupContent> {
  if (base?.kind === 'saved') return { base: { kind: base.kind, image: base.image, sha256: base.sha256 } };
  if (base?.kind !== 'packages') return { base, images: sources.elsewhere.hash };
  const { key } = await baseArchive(base.suite, basePackages(base.suite, roles, sources), progress);
  return { base, archive: key, images: sources.hash };
}

export interface DiskRequest {
  readonly kernel: BootableKernel;
  readonly size: VmSize;
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

/**
 * Boots the guest once to load the images into its engine. The kernel that does so is not part of the entry's key, because it leaves no
 * trace on the disk.
 */
export async function guestDisk(request: DiskRequest): Promise<GuestDisk> {
  const { parts, progress } = request;
  const { root, groups, content, sources } = parts;
  const [first, ...others] = content;
  const inputs = {
    recipe: 1,
    root: path.basename(path.dirname(root)),
    ...first,
    ...(others.length > 0 && { others }),
  };
  const directory = await cacheEntry({
    kind: 'disk',
    inputs,
    needsBytes: 2e9,
    note: progress.note,
    signal: progress.signal,
    make: async (partial) => {
      const file = path.join(partial, 'disk.qcow2');
      await makeOverlay(root, file, progress);
      const images = await withVm(
        { ...request, disk: file, memory: undefined, saved: undefined, outbound: groups.some(isPulled) },
        async ({ docker, powerOff }) => {
          const loaded = await provideImages(docker, groups, sources, progress);
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
    images: await readEntryRecord(directory, imagesFile, imageSetSchema),
  };
}

const isPulled = ({ bases }: ImageGroup): boolean => bases.some(({ kind }) => kind === 'reference');

/** Makes a qcow2 file that reads from `backing` and keeps what is written itself. */
export async function makeOverlay(
  backing: string,
  file: string,
  { signal, rooms }: Pick<HostCommandOptions, 'signal' | 'rooms'>,
): Promise<void> {
  await hostCommand(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', backing, file], {
    purpose: 'make a disk overlay',
    seconds: 60,
    signal,
    ...(rooms === undefined ? {} : { rooms }),
  });
}
