import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { cacheEntry } from '../cache/cache.js';
import { bootstrap } from '../debian/mmdebstrap.js';
import type { Downloading } from '../port/download.js';
import type { EngineProgress } from '../port/engineProgress.js';

const recipe = { version: 1, suite: 'bookworm', package: 'busybox-static' };

/** Path of Debian's static busybox, which initramfs trees run. It is fetched once for all kernels. */
export async function staticBusybox(progress: EngineProgress): Promise<string> {
  const directory = await cacheEntry({
    kind: 'busybox',
    inputs: recipe,
    needsBytes: 1e8,
    note: progress.note,
    signal: progress.signal,
    make: (partial) =>
      progress.step('fetching busybox for the initramfs', (tell) =>
        fetchBusybox(partial, { signal: progress.signal, tell }),
      ),
  });
  return path.join(directory, 'busybox');
}

async function fetchBusybox(directory: string, downloading: Downloading): Promise<void> {
  const work = path.join(directory, 'work');
  const archive = path.join(work, 'busybox.tar');
  await mkdir(work);
  await bootstrap({
    purpose: `fetch ${recipe.package} of Debian ${recipe.suite}`,
    suite: recipe.suite,
    variant: 'extract',
    packages: [recipe.package],
    output: archive,
    ...downloading,
  });
  await hostCommand(['tar', '-x', '-f', archive, '-C', work, './bin/busybox'], {
    purpose: 'unpack busybox',
    seconds: 60,
    signal: downloading.signal,
  });
  await cp(path.join(work, 'bin', 'busybox'), path.join(directory, 'busybox'));
  await rm(work, { recursive: true });
}
