import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstrapArgv } from '../../../../src/engine/debian/mmdebstrap.js';
import { tempFolder } from '../tempFolder.js';

const request = { suite: 'bookworm', packages: ['ipvsadm', 'iptables'], output: '/cache/base.tar' };

describe('bootstrapArgv', () => {
  it('prefers the backports of a suite, from the mirror that the suite itself is from', () => {
    const argv = bootstrapArgv(
      {
        suite: 'bookworm-backports',
        variant: 'extract',
        packages: ['linux-image-amd64'],
        output: '/out/root.tar',
      },
      {},
    );
    expect(argv).toContain('--aptopt=APT::Default-Release "bookworm-backports"');
    const hook = argv.find((option) => option.startsWith('--setup-hook='))!.slice('--setup-hook='.length);
    const root = tempFolder();
    mkdirSync(path.join(root, 'etc/apt/sources.list.d'), { recursive: true });
    const [own, updates] = [
      'deb http://mirror.example/debian bookworm main',
      'deb http://mirror.example/debian bookworm-updates main',
    ];
    writeFileSync(path.join(root, 'etc/apt/sources.list'), `${own}\n${updates}\n`);
    execFileSync('sh', ['-c', hook, 'sh', root]);
    const added = readFileSync(path.join(root, 'etc/apt/sources.list.d/bookworm-backports.list'), 'utf8');
    expect(added).toBe('deb http://mirror.example/debian bookworm-backports main\n');
    expect(argv.slice(-2)).toEqual(['bookworm', '/out/root.tar']);
  });

  it('knows no backports for a suite as such', () => {
    const argv = bootstrapArgv(
      { suite: 'bookworm', variant: 'extract', packages: [], output: '/out/root.tar' },
      {},
    );
    expect(argv.filter((option) => /hook|Default-Release/.test(option))).toEqual([]);
  });

  it.each([
    ['bookworm', true],
    ['bullseye', false],
  ])('configures %s with what a merged /usr wants: %s', (suite, isMerged) => {
    const argv = bootstrapArgv({ ...request, suite, variant: 'essential' }, {}).join(' ');
    expect(argv.includes('usr-is-merged')).toBe(isMerged);
    expect(argv.includes('hooks/merged-usr')).toBe(isMerged);
  });

  it('leaves the mirror to mmdebstrap: no host name is in it', () => {
    const argv = bootstrapArgv({ ...request, variant: 'extract' }, {});
    expect(argv[0]).toBe('mmdebstrap');
    expect(argv.slice(-2)).toEqual(['bookworm', '/cache/base.tar']);
    expect(argv.join(' ')).not.toMatch(/:\/\/|\.(org|net|com)\b/);
  });

  it('names the mirror of LVS_LAB_DEBIAN_MIRROR last', () => {
    const mirror = 'http://mirror.invalid/debian';
    const argv = bootstrapArgv({ ...request, variant: 'extract' }, { LVS_LAB_DEBIAN_MIRROR: mirror });
    expect(argv.slice(-3)).toEqual(['bookworm', '/cache/base.tar', mirror]);
    expect(bootstrapArgv({ ...request, variant: 'extract' }, { LVS_LAB_DEBIAN_MIRROR: '' }).at(-1)).toBe(
      '/cache/base.tar',
    );
  });

  it('merges /usr where packages are configured, and not where they are only unpacked', () => {
    const essential = bootstrapArgv({ ...request, variant: 'essential' }, {});
    expect(essential).toContain('--include=ipvsadm,iptables,usr-is-merged');
    expect(essential.some((word) => word.startsWith('--hook-dir='))).toBe(true);
    const extract = bootstrapArgv({ ...request, variant: 'extract' }, {});
    expect(extract).toContain('--include=ipvsadm,iptables');
    expect(extract.some((word) => word.startsWith('--hook-dir='))).toBe(false);
  });

  it('takes a suite whose Release file has expired', () => {
    expect(bootstrapArgv({ ...request, variant: 'extract' }, {})).toContain(
      '--aptopt=Acquire::Check-Valid-Until "false"',
    );
  });

  it('runs hooks and throws the root away when only their products are wanted', () => {
    const argv = bootstrapArgv(
      { ...request, variant: 'essential', output: undefined, customizeHooks: ['first', 'second'] },
      {},
    );
    expect(argv).toContain('--format=null');
    expect(argv.filter((word) => word.startsWith('--customize-hook='))).toEqual([
      '--customize-hook=first',
      '--customize-hook=second',
    ]);
    expect(argv.at(-1)).toBe('-');
  });
});
