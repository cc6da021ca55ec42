import path from 'node:path';
import { cacheEntry } from '../cache/cache.js';
import { bootstrap, scriptHook } from './mmdebstrap.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { shellQuote } from '../../support/quote.js';

/** The packages of the guest itself; those of nodes are in images/. */
const packages = ['docker.io', 'crun', 'iproute2', 'iptables', 'kmod', 'mount', 'procps', 'ca-certificates'];

const recipe = { version: 2, suite: 'trixie', packages, size: '8G' };

/**
 * A small Debian root with a Docker Engine, as a qcow2 disk. A hook hands the image out through `download`, because without root it runs as
 * a user that may not write here.
 */
export async function guestRoot(progress: EngineProgress): Promise<string> {
  const directory = await cacheEntry({
    kind: 'root',
    inputs: recipe,
    needsBytes: 3e9,
    note: progress.note,
    signal: progress.signal,
    make: (partial) =>
      progress.step('making the guest root file system', (tell) =>
        bootstrap({
          purpose: "make the guest's root file system",
          suite: recipe.suite,
          variant: 'essential',
          packages,
          customizeHooks: [
            scriptHook('make-disk.sh', recipe.size),
            shellQuote(['download', '/root.qcow2', path.join(partial, 'root.qcow2')]),
          ],
          output: undefined,
          signal: progress.signal,
          tell,
        }),
      ),
  });
  return path.join(directory, 'root.qcow2');
}
