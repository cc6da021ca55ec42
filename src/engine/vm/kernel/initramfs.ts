import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand } from '../../../support/exec.js';
import { packageRoot } from '../../../support/packageRoot.js';
import { isWanted } from './modules.js';

export interface InitramfsSources {
  /** A static busybox. */
  readonly busybox: string;
  /** /lib/modules/RELEASE; undefined for a kernel with everything built in. */
  readonly modules: string | undefined;
  readonly release: string;
  readonly signal: AbortSignal;
}

const decompressors: Readonly<Record<string, string>> = { '.xz': 'xz', '.gz': 'gzip', '.zst': 'zstd' };

/** Fills `staging` with an initramfs tree for a kernel and packs it into `output` (newc cpio, not compressed: it is read once, from memory). */
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
  await copyModules(staging, sources);
  await pack(staging, output, sources.signal);
}

async function copyModules(staging: string, { modules, release, signal }: InitramfsSources): Promise<void> {
  const target = path.join(staging, 'lib', 'modules', release);
  await mkdir(target, { recursive: true });
  if (modules === undefined) return;
  for (const name of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']) {
    await cp(path.join(modules, name), path.join(target, name)).catch(() => undefined);
  }
  const kernel = path.join(modules, 'kernel');
  const compressed = new Map<string, string[]>();
  for (const file of await readdir(kernel, { recursive: true })) {
    if (!isWanted(file)) continue;
    const copy = path.join(target, 'kernel', file);
    await cp(path.join(kernel, file), copy);
    const program = decompressors[path.extname(file)];
    if (program !== undefined) compressed.set(program, [...(compressed.get(program) ?? []), copy]);
  }
  // busybox's modprobe reads plain modules only.
  for (const [program, files] of compressed) {
    await hostCommand([program, '-d', ...(program === 'zstd' ? ['--rm', '-q'] : []), ...files], {
      purpose: "decompress the kernel's modules",
      seconds: 300,
      signal,
    });
  }
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
