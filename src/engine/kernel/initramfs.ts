import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { packageRoot } from '../../support/packageRoot.js';

export interface InitramfsSources {
  /** Path of a static busybox. */
  readonly busybox: string;
  /** The modules to include, uncompressed and laid out as /lib/modules/RELEASE; undefined: everything is built in. */
  readonly modules: string | undefined;
  readonly release: string;
  readonly signal: AbortSignal;
}

/**
 * Fills `staging` with an initramfs tree for a kernel and packs it into `output` (newc cpio, uncompressed, because it is read once and from
 * memory).
 */
export async function makeInitramfs(
  staging: string,
  output: string,
  sources: InitramfsSources,
): Promise<void> {
  const guest = path.join(packageRoot, 'lab', 'guest');
  await mkdir(path.join(staging, 'bin'), { recursive: true });
  await cp(sources.busybox, path.join(staging, 'bin', 'busybox'));
  await cp(path.join(guest, 'initramfs-init'), path.join(staging, 'init'));
  await cp(guest, path.join(staging, 'guest'), { recursive: true });
  await addModules(staging, sources);
  await pack(staging, output, sources.signal);
}

async function addModules(staging: string, { modules, release, signal }: InitramfsSources): Promise<void> {
  const target = path.join(staging, 'lib', 'modules', release);
  await mkdir(target, { recursive: true });
  if (modules === undefined) return;
  await cp(modules, target, { recursive: true });
  await hostCommand(['depmod', '-b', staging, release], {
    purpose: "index the kernel's modules",
    seconds: 60,
    signal,
  });
}

async function pack(staging: string, output: string, signal: AbortSignal): Promise<void> {
  const files = ['.', ...(await readdir(staging, { recursive: true }))].sort();
  await hostCommand(['cpio', '--create', '--format=newc', '--owner=0:0', '--quiet', `--file=${output}`], {
    purpose: 'pack the initramfs',
    seconds: 120,
    cwd: staging,
    input: files.join('\n'),
    signal,
  });
}
