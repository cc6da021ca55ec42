import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { tempFolder } from '../../engine/tempFolder.js';

const script = path.join(packageRoot, 'lab/hooks/make-disk.sh');

/** Runs the hook on a root with stand-ins for what needs rights; `told` is what they were called with, a line each. */
function made({ unshare, mke2fs = 'touch "${10}"' }: { readonly unshare: string; readonly mke2fs?: string }) {
  const folder = tempFolder();
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['bin', 'root', 'tmp']) mkdirSync(at(name));
  const programs = { unshare, mke2fs, mount: '', 'qemu-img': 'cp "$6" "$7"' };
  for (const [name, does] of Object.entries(programs)) {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\necho "${name} $*" >>"${at('told')}"\n${does}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }
  const env = { PATH: `${at('bin')}:/usr/bin:/bin`, TMPDIR: at('tmp') };
  const { status } = spawnSync('sh', [script, at('root'), '8G'], { env });
  const told = readFileSync(at('told'), 'utf8')
    .replaceAll(folder, '')
    .replace(/tmp\.\w+/g, 'TREE');
  return {
    status,
    calls: told.split('\n').filter((line) => /^(mount|mke2fs) /.test(line)),
    disk: existsSync(at('root/root.qcow2')),
    left: [...readdirSync(at('tmp')), ...readdirSync(folder).filter((name) => name.endsWith('.raw'))],
  };
}

const may = 'shift; exec "$@"';
const mayNot = 'echo "unshare: unshare failed: Operation not permitted" >&2; exit 1';
const options = 'mke2fs -q -t ext4 -O ^has_journal -m 0 -d';

describe('make-disk.sh', () => {
  it('reads the tree through a mount of its own, without what is mounted in it', () => {
    expect(made({ unshare: may })).toEqual({
      status: 0,
      calls: ['mount --bind /root /tmp/TREE', `${options} /tmp/TREE /root.raw 8G`],
      disk: true,
      left: [],
    });
  });

  it('reads the tree itself where nobody may mount, and nothing is', () => {
    expect(made({ unshare: mayNot })).toEqual({
      status: 0,
      calls: [`${options} /root /root.raw 8G`],
      disk: true,
      left: [],
    });
  });

  it.each([
    ['with', may],
    ['without', mayNot],
  ])('fails %s a mount where the file system cannot be made, once and for all', (_, unshare) => {
    const { status, calls, disk, left } = made({ unshare, mke2fs: 'exit 1' });
    expect(status).not.toBe(0);
    expect(calls.filter((call) => call.startsWith('mke2fs'))).toHaveLength(1);
    expect({ disk, left }).toEqual({ disk: false, left: [] });
  });
});
