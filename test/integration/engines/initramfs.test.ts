import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeInitramfs } from '../../../src/engine/kernel/initramfs.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { tempFolder } from '../../unit/engine/tempFolder.js';
import { fill, moduleNamed } from '../../unit/engine/kernel/samples.js';

const release = '6.1.0-56-amd64';

beforeAll(() => {
  for (const program of ['cpio', 'depmod']) {
    const found = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((folder) =>
      existsSync(path.join(folder, program)),
    );
    if (!found) throw new Error(`these tests need ${program}: apt-get install cpio kmod`);
  }
});

/** Modules as they are once copied; depmod reads no more of them than their `.modinfo`. */
const modulesFolder = (): string =>
  fill(path.join(tempFolder(), release), {
    'modules.order': 'kernel/net/netfilter/ipvs/ip_vs.ko\n',
    'modules.builtin': '',
    'kernel/net/netfilter/ipvs/ip_vs.ko': moduleNamed('ip_vs'),
    'kernel/net/netfilter/ipvs/ip_vs_rr.ko': moduleNamed('ip_vs_rr', { depends: 'ip_vs' }),
  });

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
  it('packs init, busybox, the guest’s files and the modules, indexed', async () => {
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
      `${modules}/modules.order`,
      `${modules}/modules.dep`,
    ])
      expect(names, name).toContain(name);
    const packed = path.join(staging, modules, 'kernel', 'net', 'netfilter', 'ipvs', 'ip_vs.ko');
    expect(readFileSync(packed)).toEqual(moduleNamed('ip_vs'));
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

  it('rejects modules that are not there', async () => {
    await expect(make(path.join(tempFolder(), 'none'))).rejects.toThrow('ENOENT');
  });
});
