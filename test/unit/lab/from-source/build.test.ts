import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildScript, itBuildsInThrowAwayRoots } from './buildScript.js';

const build = buildScript('from-source/build.sh');

/** Puts packages where the hooks of a real mmdebstrap would, and keeps what it was given. */
const makesPackages = `
printf '%s\\n' "$@" >arguments
cp -r "$TMPDIR/in" in
mkdir "$TMPDIR/built/out"
echo deb >"$TMPDIR/built/out/iptables_1+lab1_amd64.deb"`;

describe('from-source/build.sh', () => {
  it.each([
    [[], /expected a package and a folder/],
    [['iptables'], /expected a package and a folder/],
    [['iptables', 'out', 'more'], /expected a package and a folder/],
    [['--suit', 'sid', 'iptables', 'out'], /--suit: no such option/],
    [['iptables', 'out', '--suite'], /--suite: nothing was named/],
    [['--suite', 'Book worm', 'iptables', 'out'], /not the name of a Debian suite/],
    [['ip tables', 'out'], /not the name of a Debian source package/],
    [['--patch', 'none.patch', 'iptables', 'out'], /--patch none\.patch: there is no such file/],
    [['iptables', 'bin'], /bin: is not an empty folder\n {2}name one that is empty or new/],
  ])('refuses %j, and says what to do', (argv, message) => {
    const { status, stderr } = build(argv, { mmdebstrap: 'echo started >&2' });
    expect(status).toBe(5);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('started');
  });

  it('puts the packages into a new folder, and names them', () => {
    const { status, stdout, read, left } = build(['--suite', 'trixie', 'iptables', 'out/built'], {
      mmdebstrap: makesPackages,
    });
    expect(status).toBe(0);
    expect(read('out/built/iptables_1+lab1_amd64.deb')).toBe('deb\n');
    expect(stdout).toBe('built:\n  out/built/iptables_1+lab1_amd64.deb\n');
    expect(read('in/package')).toBe('iptables\n');
    expect(left).toEqual([]);
  });

  it('hands in the patches, in their order', () => {
    const { cwd } = build(['--patch', 'mine.patch', 'iptables', '--patch', 'mine.patch', 'out'], {
      mmdebstrap: makesPackages,
      files: { 'mine.patch': 'a patch' },
    });
    expect(readdirSync(path.join(cwd, 'in')).sort()).toEqual([
      '10.patch',
      '11.patch',
      'inRoot.sh',
      'package',
    ]);
  });

  itBuildsInThrowAwayRoots(build, {
    argv: ['iptables', 'out'],
    makes: makesPackages,
    failure: 'iptables was not built for Debian bookworm',
  });
});
