import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { engineProgress } from '../../../src/engine/port/engineProgress.js';
import { bootableKernel, type BootableKernel } from '../../../src/engine/kernel/bootableKernel.js';

export const quietProgress = engineProgress(() => undefined, new AbortController().signal);

/** The lab's own kernel with an init of the test's, so that a guest can be seen to fail in three seconds. */
export async function kernelWithInit(directory: string, init: string): Promise<BootableKernel> {
  const kernel = await bootableKernel({ kind: 'debian', suite: 'bookworm' }, quietProgress);
  const tree = path.join(directory, 'tree');
  await mkdir(path.join(tree, 'bin'), { recursive: true });
  await execa('cpio', ['--extract', '--quiet', `--file=${kernel.initramfs}`, 'bin/busybox'], { cwd: tree });
  await writeFile(path.join(tree, 'init'), `#!/bin/busybox sh\n${init}\n`, { mode: 0o755 });
  const initramfs = path.join(directory, 'initramfs.cpio');
  await execa('cpio', ['--create', '--format=newc', '--quiet', `--file=${initramfs}`], {
    cwd: tree,
    input: ['.', 'init', 'bin', 'bin/busybox'].join('\n'),
  });
  return { ...kernel, initramfs };
}
