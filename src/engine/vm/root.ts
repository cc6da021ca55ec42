import path from 'node:path';
import { cacheEntry } from '../cache/cache.js';
import { bootstrap } from '../debian/mmdebstrap.js';
import type { EngineProgress } from '../port/engineProgress.js';

/** The guest's own packages; a node's packages are in images/. */
const packages = [
  'docker.io',
  'crun',
  'iproute2',
  'iptables',
  'kmod',
  'procps',
  'stunnel4',
  'ca-certificates',
];

const recipe = { version: 1, suite: 'trixie', packages, size: '8G' };

/**
 * A small Debian root with a Docker Engine as a qcow2 disk. mke2fs reads the tree through a bind mount of its own, because
 * mmdebstrap has /proc and /sys mounted in it while hooks run; the image goes out through `download`, because without
 * root the hook runs as a user that may not write here.
 */
export async function guestRoot(progress: EngineProgress): Promise<string> {
  const directory = await cacheEntry({
    kind: 'root',
    inputs: recipe,
    needsBytes: 3e9,
    note: progress.note,
    make: (partial) =>
      progress.step('making the guest root file system', () =>
        bootstrap({
          purpose: "make the guest's root file system",
          suite: recipe.suite,
          variant: 'essential',
          packages,
          customizeHooks: [diskHook, `download /root.qcow2 ${quoted(path.join(partial, 'root.qcow2'))}`],
          output: undefined,
          signal: progress.signal,
        }),
      ),
  });
  return path.join(directory, 'root.qcow2');
}

const diskHook = [
  'set -e; tree=$(mktemp -d); raw="$1.raw"; trap \'rm -f "$raw"; rmdir "$tree"\' EXIT;',
  'tree="$tree" raw="$raw" root="$1" unshare --mount sh -ec',
  `'mount --bind "$root" "$tree"; mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree" "$raw" ${recipe.size}';`,
  'qemu-img convert -f raw -O qcow2 "$raw" "$1/root.qcow2"',
].join(' ');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
