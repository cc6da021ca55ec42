import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeInitramfs } from '../../src/engine/vm/kernel/initramfs.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { tempFolder } from '../unit/engine/tempFolder.js';

const release = '6.1.0-56-amd64';

beforeAll(() => {
  for (const program of ['cpio', 'depmod', 'gzip', 'xz']) {
    const found = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((folder) =>
      existsSync(path.join(folder, program)),
    );
    if (!found) throw new Error(`these tests need ${program}: apt-get install cpio kmod gzip xz-utils`);
  }
});

/** A /lib/modules/RELEASE of files that are no modules: nothing here looks into them but depmod, which only warns. */
function modulesFolder(): string {
  const folder = path.join(tempFolder(), release);
  const put = (name: string, content: string | Buffer): void => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  put('modules.order', 'kernel/net/netfilter/ipvs/ip_vs.ko\n');
  put('modules.builtin', '');
  put('kernel/net/netfilter/ipvs/ip_vs.ko.gz', gzipSync('ip_vs'));
  put('kernel/net/netfilter/ipvs/ip_vs_rr.ko.xz', xz('ip_vs_rr'));
  put('kernel/drivers/net/veth.ko', 'veth');
  put('kernel/sound/core/snd.ko', 'snd');
  return folder;
}

const xz = (text: string): Buffer => execFileSync('xz', ['-c'], { input: text });

async function make(modules: string | undefined) {
  const folder = tempFolder();
  const busybox = path.join(folder, 'static-busybox');
  writeFileSync(busybox, 'busybox', { mode: 0o755 });
  const staging = path.join(folder, 'staging');
  const output = path.join(folder, 'initramfs.cpio');
  const { signal } = new AbortController();
  await makeInitramfs(staging, output, { busybox, modules, release, signal });
  return { output, staging };
}

function list(output: string): string[] {
  return execFileSync('cpio', ['-t', '--quiet'], { input: readFileSync(output) })
    .toString()
    .trim()
    .split('\n');
}

describe('makeInitramfs', () => {
  it('packs init, busybox, the guest’s files and the wanted modules, decompressed and indexed', async () => {
    const { output, staging } = await make(modulesFolder());
    const names = list(output);
    const modules = `lib/modules/${release}`;
    const guest = readdirSync(path.join(packageRoot, 'lab', 'guest')).map((name) => `guest/${name}`);
    for (const name of [
      'init',
      'bin/busybox',
      ...guest,
      `${modules}/kernel/net/netfilter/ipvs/ip_vs.ko`,
      `${modules}/kernel/net/netfilter/ipvs/ip_vs_rr.ko`,
      `${modules}/kernel/drivers/net/veth.ko`,
      `${modules}/modules.order`,
      `${modules}/modules.dep`,
    ])
      expect(names, name).toContain(name);
    expect(names.filter((name) => /\.(gz|xz|zst)$|snd/.test(name))).toEqual([]);
    const content = (name: string): string =>
      readFileSync(path.join(staging, modules, 'kernel', name), 'utf8');
    expect(content('net/netfilter/ipvs/ip_vs.ko')).toBe('ip_vs');
    expect(content('net/netfilter/ipvs/ip_vs_rr.ko')).toBe('ip_vs_rr');
  });

  it('gives everything to root, and init can be executed', async () => {
    const { output } = await make(undefined);
    const verbose = execFileSync('cpio', ['-tvn', '--quiet'], { input: readFileSync(output) }).toString();
    const lines = verbose.trim().split('\n');
    expect(lines.find((line) => line.endsWith(' init'))).toMatch(/^-rwxr-xr-x/);
    for (const line of lines) expect(line).toMatch(/^\S+\s+\d+\s+(0|root)\s+(0|root)\s/);
  });

  it('has no modules for a kernel with everything built in', async () => {
    const names = list((await make(undefined)).output);
    expect(names).toContain('init');
    expect(names.filter((name) => name.includes('kernel'))).toEqual([]);
  });

  it('rejects a modules folder without modules', async () => {
    await expect(make(tempFolder())).rejects.toThrow('ENOENT');
  });
});
