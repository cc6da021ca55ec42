import { execa } from 'execa';
import { mkdir, truncate, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootableKernel } from '../../../src/engine/kernel/bootableKernel.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { libraryText } from '../../unit/scenario/libraryText.js';
import { cli } from '../support/commandLine.js';
import { temporaryFolder } from '../support/run.js';
import { quietProgress } from '../support/smallGuest.js';

const nobodyThere = 'unix:///nonexistent/docker.sock';

/** A copy of a shipped scenario with something replaced. */
async function edited(from: string | RegExp, to: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'mine.yaml');
  const text = libraryText('close/server-first');
  expect(text).toMatch(from);
  await writeFile(file, text.replace(from, to));
  return file;
}

describe('a scenario that cannot be run: exit code 5, nothing started', () => {
  it('unknown', async () => {
    const { exitCode, stderr } = await cli(['run', 'close/server-frist']);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/close\/server-frist/);
    expect(stderr).toMatch(/close\/server-first/);
  });

  it('broken YAML', async () => {
    const { exitCode, stderr } = await cli(['run', await edited('close: {', 'close: {{')]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/mine\.yaml:\d+:\d+: /);
  });

  it('an unknown key', async () => {
    const { exitCode, stderr } = await cli(['run', await edited(/^director:/m, 'directr:')]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/mine\.yaml:\d+:1: .*directr.*did you mean `director`/i);
  });

  it('an address outside the subnet', async () => {
    const topology = 'topology:\n  subnet: 198.18.9.0/24\n  vip: 198.18.10.5\ndirector:';
    const { exitCode, stderr } = await cli(['run', await edited(/^director:/m, topology)]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/mine\.yaml:\d+:8: .*198\.18\.9\.0\/24.*198\.18\.10\.5.*outside the subnet/);
  });
});

describe('an engine that cannot be had: exit code 2', () => {
  it('an unreachable DOCKER_HOST', async () => {
    const argv = ['run', 'close/server-first', '--engine', 'local', '--out', await temporaryFolder()];
    const { exitCode, stderr } = await cli(argv, { DOCKER_HOST: nobodyThere });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`no Docker engine answers at ${nobodyThere}`);
    expect(stderr).toContain('--engine vm');
  });

  it('a DOCKER_HOST that is none', async () => {
    const argv = ['run', 'close/server-first', '--engine', 'local', '--out', await temporaryFolder()];
    const { exitCode, stderr } = await cli(argv, { DOCKER_HOST: 'ftp://somewhere' });
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/DOCKER_HOST=ftp:\/\/somewhere: expected unix/);
  });

  it('no Docker and no QEMU', async () => {
    // A machine with nothing but Node, as far as PATH can tell.
    const empty = await temporaryFolder();
    await symlink(process.execPath, path.join(empty, 'node'));
    const argv = ['run', 'close/server-first', '--out', path.join(empty, 'run')];
    const hidden = ['unshare', '--mount', 'sh', '-c', hideSbin, process.execPath, mainFile, ...argv];
    const [program, ...args] = hidden as [string, ...string[]];
    const { exitCode, stderr } = await execa(program, args, {
      reject: false,
      env: { PATH_AFTER: empty, DOCKER_HOST: nobodyThere },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the VM engine needs what is not installed: qemu-system-x86_64');
    expect(stderr).toMatch(/sudo apt-get install .*qemu-system-x86/);
  });
});

const mainFile = path.join(packageRoot, 'dist', 'cli', 'main.js');
// The lab looks into sbin folders whatever PATH says, so they are hidden from it as well.
const hideSbin = `
  for folder in /usr/local/sbin /usr/sbin; do mount -t tmpfs none "$folder"; done
  export PATH="$PATH_AFTER"; exec "$0" "$@"`;

describe('a cache that cannot be used', () => {
  let small: string;
  beforeAll(async () => {
    small = await execa('mktemp', ['-d']).then(({ stdout }) => stdout);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=20M', 'none', small]);
  });
  afterAll(async () => {
    await execa('umount', [small]);
    await execa('rmdir', [small]);
  });

  it('for want of disk space: exit code 2, with the numbers', async () => {
    const argv = ['run', 'close/server-first', '--engine', 'vm', '--out', await temporaryFolder()];
    const { exitCode, stderr } = await cli(argv, { XDG_CACHE_HOME: small });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/no disk space in .* MB wanted, \d+ MB free/);
    expect((await readdir(path.join(small, 'lvs-lab'))).filter((name) => name.includes('partial'))).toEqual(
      [],
    );
  });

  it('because an entry is corrupt: it is named, and made again', async () => {
    const kernel = await bootableKernel({ kind: 'debian', suite: 'bookworm' }, quietProgress);
    const entry = path.dirname(kernel.initramfs);
    await truncate(path.join(entry, 'initramfs.cpio'), 1000);
    const argv = [
      'run',
      'close/server-first',
      '--engine',
      'vm',
      '--deadline',
      '90s',
      '--out',
      await temporaryFolder(),
    ];
    const { stderr } = await cli(argv);
    expect(stderr).toContain(`the cache entry ${entry} is corrupt: initramfs.cpio has 1000 bytes`);
    expect(stderr).toContain('it is made again');
  });
});

describe('a kernel that is none: exit code 5', () => {
  it.each([
    ['/etc/os-release', /is not a kernel that can be booted here/],
    ['debian:potato', /no such Debian suite/],
    ['/nonexistent', /cannot read the kernel/],
  ])('%s', async (kernel, message) => {
    const argv = ['run', 'close/server-first', '--kernel', kernel, '--out', await temporaryFolder()];
    const { exitCode, stderr } = await cli(argv, { DOCKER_HOST: nobodyThere });
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(message);
  });
});

describe('a run directory', () => {
  it('that holds something is refused, and left alone', async () => {
    const out = path.join(await temporaryFolder(), 'run');
    await mkdir(out);
    await writeFile(path.join(out, 'precious'), 'data');
    const { exitCode, stderr } = await cli(['run', 'close/server-first', '--out', out]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(out);
    expect(await readdir(out)).toEqual(['precious']);
  });

  it('that is none cannot be judged', async () => {
    const { exitCode } = await cli(['judge', await temporaryFolder()]);
    expect(exitCode).toBe(5);
  });
});
