import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstrap, bootstrapArgv } from '../../../../src/engine/debian/mmdebstrap.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { ownCache, tempFolder, withEnvironment } from '../tempFolder.js';

const hooks = path.join(packageRoot, 'lab/hooks');
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
    execFileSync('sh', ['-c', hook, 'sh', root], { env: { ...process.env, LVS_LAB_HOOKS: hooks } });
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

describe('bootstrap', () => {
  /** Calls it with a stand-in for mmdebstrap, a shell script. */
  async function bootstrapped(
    script: string,
  ): Promise<{ readonly folder: string; readonly failure: unknown }> {
    ownCache();
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'mmdebstrap'), `#!/bin/sh\nsaid=${folder}/said\n${script}\n`);
    chmodSync(path.join(folder, 'mmdebstrap'), 0o755);
    withEnvironment({ PATH: `${folder}:${process.env['PATH'] ?? ''}`, TMPDIR: folder });
    const { signal } = new AbortController();
    const made = bootstrap({ ...request, variant: 'extract', purpose: 'make a root', signal });
    return {
      folder,
      failure: await made.then(
        () => undefined,
        (error: unknown) => error,
      ),
    };
  }

  it('lets its hooks read the scripts that they run', async () => {
    const { folder } = await bootstrapped('stat -c "%n %a" "$LVS_LAB_HOOKS" "$LVS_LAB_HOOKS"/*.sh >"$said"');
    const said = readFileSync(path.join(folder, 'said'), 'utf8').trim().split('\n');
    expect(said.map((line) => line.replace(/^.*\/hooks/, 'hooks'))).toEqual([
      'hooks 755',
      'hooks/add-backports.sh 755',
      'hooks/make-disk.sh 755',
    ]);
  });

  it('has mmdebstrap work in a folder of its own that tells whose it is, as closed as can be, and is gone afterwards', async () => {
    const { folder } = await bootstrapped('stat -c "%n %a" "$TMPDIR" >"$said"');
    const [work = '', mode] = readFileSync(path.join(folder, 'said'), 'utf8').trim().split(' ');
    expect(work).toMatch(
      new RegExp(`^${folder}/lvs-lab-mmdebstrap-[0-9a-f]{8}\\.${process.pid}\\.\\d+-\\w{6}$`),
    );
    expect(mode).toBe(process.getuid?.() === 0 ? '711' : '1777');
    expect(existsSync(work)).toBe(false);
  });

  it.each([
    ['"$TMPDIR"/root', 'TMPDIR', 'XDG_CACHE_HOME'],
    ['"$XDG_CACHE_HOME"/lvs-lab/base.tar', 'XDG_CACHE_HOME', 'TMPDIR'],
  ])('says which disk is full: that of %s', async (file, full, other) => {
    const { failure } = await bootstrapped(`echo tar: ${file}: No space left on device >&2; exit 1`);
    expect(failure).toMatchObject({ message: 'could not make a root: no space left on the device' });
    expect((failure as { readonly hint: string }).hint).toContain(`(${full})`);
    expect((failure as { readonly hint: string }).hint).not.toContain(other);
  });
});
