import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  availableModules,
  builtInModules,
  copyModules,
  moduleFile,
} from '../../../../../src/engine/kernel/modules/moduleTree.js';
import type { LabError } from '../../../../../src/support/errors.js';
import { tempFolder } from '../../tempFolder.js';
import { fill, moduleNamed, rejection } from '../samples.js';

const ipvs = 'kernel/net/netfilter/ipvs';
const { signal } = new AbortController();

/** A /lib/modules/RELEASE as distributions ship it: compressed in several ways, with modules that no guest wants. */
const shipped = (): string =>
  fill(path.join(tempFolder(), '6.1.0-9-amd64'), {
    'modules.order': `${ipvs}/ip_vs.ko\n`,
    'modules.builtin': 'kernel/lib/crypto/libsha1.ko\nkernel/net/core/odd-name.ko\n',
    [`${ipvs}/ip_vs.ko.gz`]: gzipSync(moduleNamed('ip_vs', { depends: 'far_away' })),
    [`${ipvs}/ip_vs_rr.ko.xz`]: execFileSync('xz', ['-c'], {
      input: moduleNamed('ip_vs_rr', { depends: 'ip_vs' }),
    }),
    'kernel/drivers/net/veth.ko': moduleNamed('veth'),
    'kernel/drivers/misc/far-away.ko': moduleNamed('far_away', { depends: 'further' }),
    'kernel/drivers/misc/further.ko': moduleNamed('further'),
    'kernel/sound/core/snd.ko': moduleNamed('snd'),
  });

async function copied(replacements: ReadonlyMap<string, string> = new Map()): Promise<string> {
  const target = path.join(tempFolder(), 'copy');
  await copyModules(target, { from: shipped(), replacements, signal });
  return target;
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(path.join(folder, 'kernel'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.ko'))
    .sort();

describe('copyModules', () => {
  it('takes what a guest wants, and what that depends on wherever it lies, decompressed', async () => {
    const target = await copied();
    expect(filesIn(target)).toEqual([
      'drivers/misc/far-away.ko',
      'drivers/misc/further.ko',
      'drivers/net/veth.ko',
      'net/netfilter/ipvs/ip_vs.ko',
      'net/netfilter/ipvs/ip_vs_rr.ko',
    ]);
    expect(readFileSync(path.join(target, ipvs, 'ip_vs_rr.ko'))).toEqual(
      moduleNamed('ip_vs_rr', { depends: 'ip_vs' }),
    );
    expect(existsSync(path.join(target, 'modules.order'))).toBe(true);
  });

  it('puts a replacement in, with what that one depends on instead', async () => {
    const folder = fill(tempFolder(), { 'mine.ko': moduleNamed('ip_vs', { depends: 'further' }) });
    const target = await copied(new Map([['ip_vs', path.join(folder, 'mine.ko')]]));
    expect(readFileSync(path.join(target, ipvs, 'ip_vs.ko'))).toEqual(
      readFileSync(path.join(folder, 'mine.ko')),
    );
    expect(filesIn(target)).not.toContain('drivers/misc/far-away.ko');
    expect(filesIn(target)).toContain('drivers/misc/further.ko');
  });

  it('rejects a file that is no module, by its name', async () => {
    const from = fill(path.join(tempFolder(), 'r'), { 'kernel/drivers/net/veth.ko': 'text' });
    const target = path.join(tempFolder(), 'copy');
    const error = await rejection(copyModules(target, { from, replacements: new Map(), signal }));
    expect((error as LabError).details).toMatch(
      /drivers\/net\/veth\.ko\n.*could not get modinfo from 'veth'/,
    );
  });

  it('rejects a folder without modules', async () => {
    const target = path.join(tempFolder(), 'copy');
    const request = { from: tempFolder(), replacements: new Map<string, string>(), signal };
    await expect(copyModules(target, request)).rejects.toThrow('ENOENT');
  });
});

describe('a tree of modules', () => {
  it('is asked for a module by its name, whatever its file is called', async () => {
    const from = shipped();
    expect(await moduleFile(from, 'far_away')).toBe(path.join(from, 'kernel/drivers/misc/far-away.ko'));
    expect(await moduleFile(from, 'nothing')).toBeUndefined();
  });

  it('has the modules that are built in, too', async () => {
    expect(await builtInModules(shipped())).toEqual(['libsha1', 'odd_name']);
    const all = await availableModules(shipped());
    expect([...all].sort()).toEqual(
      ['far_away', 'further', 'ip_vs', 'ip_vs_rr', 'libsha1', 'odd_name', 'snd', 'veth'].sort(),
    );
  });

  it('has none that are built in where a FIFO has the place of their index', async () => {
    const from = shipped();
    const index = path.join(from, 'modules.builtin');
    rmSync(index);
    execFileSync('mkfifo', [index]);
    expect(await builtInModules(from)).toEqual([]);
    const target = path.join(tempFolder(), 'copy');
    await copyModules(target, { from, replacements: new Map(), signal });
    expect(readdirSync(target).sort()).toEqual(['kernel', 'modules.order']);
  });
});
