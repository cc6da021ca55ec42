import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addToolSet,
  findToolSet,
  removeToolSet,
  toolSetNames,
} from '../../../../src/engine/toolSets/toolStore.js';
import { withEnvironment } from '../../engine/tempFolder.js';
import { fakeServices, folder, lvsLab, type Calls } from '../harness.js';

/** Services with a real store of tools in a folder of the test's own, and a folder with a package. */
function place() {
  withEnvironment({ XDG_DATA_HOME: folder() });
  const calls: Calls = [];
  const services = fakeServices(
    {
      tools: {
        add: addToolSet,
        list: () => Promise.resolve(toolSetNames().map(findToolSet)),
        remove: removeToolSet,
      },
    },
    calls,
  );
  const cwd = folder();
  writeFileSync(join(cwd, 'a.deb'), '!<arch>\ndebian-binary');
  writeFileSync(join(cwd, 'nft'), '');
  const lab = (...argv: string[]) => lvsLab(argv, services, { cwd });
  return { calls, cwd, lab };
}

describe('run --deb and --bin', () => {
  it('opens an engine whose image has the files in it, under a name of their own', async () => {
    const { calls, cwd, lab } = place();
    const { code } = await lab(
      'run',
      'close/server-first',
      '--deb',
      'a.deb',
      '--bin',
      '/usr/sbin/nft=nft',
      '--out',
      'r',
    );
    expect(code).toBe(0);
    const [name = ''] = toolSetNames();
    expect(calls[0]).toBe(`open auto default auto auto+${name}`);
    expect(findToolSet(name).files).toMatchObject([
      { name: 'a.deb' },
      { name: 'nft', path: '/usr/sbin/nft' },
    ]);
    // What --resume opens.
    expect(readFileSync(join(cwd, 'r', 'asked.json'), 'utf8')).toContain(`auto+${name}`);
  });

  it('may be for one role', async () => {
    const { lab } = place();
    await lab('run', 'close/server-first', '--deb', 'realserver:a.deb', '--bin', 'client:/bin/x=nft');
    expect(findToolSet(toolSetNames()[0] ?? '').files.map(({ roles }) => roles)).toEqual([
      ['realserver'],
      ['client'],
    ]);
  });

  it.each([
    [['--bin', 'nft=nft'], 'expected --bin PATH=FILE'],
    [['--bin', '/usr/sbin/=nft'], 'expected --bin PATH=FILE'],
    [['--deb', 'nft'], 'expected --deb to name a Debian package'],
    [['--deb', 'b.deb'], 'b.deb cannot be read'],
    [['--tools', 'gone'], 'no tools named `gone`'],
    [['--tools', 'none', '--deb', 'a.deb'], 'expected --tools or files'],
    [['--tools', 'none', '--image', 'auto+x'], 'or tools to put into it, found both'],
  ])('refuses %j before anything starts', async (argv, message) => {
    const { calls, lab } = place();
    const { code, err } = await lab('run', 'close/server-first', ...argv);
    expect({ code, calls }).toEqual({ code: 5, calls: [] });
    expect(err).toContain(message);
  });
});

describe('run --tools', () => {
  it('is an axis of the matrix: each image with each set', async () => {
    const { lab } = place();
    expect((await lab('tools', 'add', 'patched', '--deb', 'a.deb')).code).toBe(0);
    const { out } = await lab(
      'run',
      'close/server-first',
      '--tools',
      'none,patched',
      '--image',
      'debian:sid,debian:trixie',
      '--list',
      '--json',
    );
    const { jobs } = JSON.parse(out) as { jobs: { cell: { image: string } }[] };
    expect(jobs.map(({ cell }) => cell.image)).toEqual([
      'debian:sid',
      'debian:sid+patched',
      'debian:trixie',
      'debian:trixie+patched',
    ]);
  });
});

describe('lvs-lab tools', () => {
  it('adds, lists and removes', async () => {
    const { lab } = place();
    expect((await lab('tools', 'list')).out).toContain('no tools were added');
    expect((await lab('tools', 'add', 'x')).code).toBe(5);
    const { out } = await lab('tools', 'add', 'patched', '--deb', 'a.deb');
    expect(out).toMatch(/patched +a\.deb +installed +director realserver +[0-9a-f]{12}/);
    expect(JSON.parse((await lab('tools', 'list', '--json')).out)).toMatchObject([{ name: 'patched' }]);
    expect((await lab('tools', 'rm', 'patched')).code).toBe(0);
    expect((await lab('tools', 'rm', 'patched')).code).toBe(5);
  });
});
