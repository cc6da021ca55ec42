import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../engine/tempFolder.js';

const script = fileURLToPath(new URL('../../../../lab/from-source/build.sh', import.meta.url));

/** Runs the script with a stand-in for mmdebstrap, in a folder of its own that has a patch. */
function build(argv: readonly string[], { mmdebstrap = 'exit 0', mirror = '' } = {}) {
  const cwd = tempFolder();
  for (const name of ['bin', 'tmp']) mkdirSync(path.join(cwd, name));
  const program = path.join(cwd, 'bin/mmdebstrap');
  writeFileSync(program, `#!/bin/bash\n${mmdebstrap}\n`);
  chmodSync(program, 0o755);
  writeFileSync(path.join(cwd, 'mine.patch'), 'a patch');
  const env = {
    PATH: `${path.dirname(program)}:/usr/bin:/bin`,
    TMPDIR: path.join(cwd, 'tmp'),
    LVS_LAB_DEBIAN_MIRROR: mirror,
  };
  const { status, stdout, stderr } = spawnSync('bash', [script, ...argv], { cwd, env, encoding: 'utf8' });
  const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');
  return { status, stdout, stderr, cwd, read, left: readdirSync(env.TMPDIR) };
}

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
    });
    expect(readdirSync(path.join(cwd, 'in')).sort()).toEqual([
      '10.patch',
      '11.patch',
      'inRoot.sh',
      'package',
    ]);
  });

  it.each([
    ['', ['trixie', '-']],
    ['http://mirror.example/debian', ['trixie', '-', 'http://mirror.example/debian']],
  ])('takes packages from the mirror %j', (mirror, last) => {
    const { read } = build(['--suite', 'trixie', 'ipvsadm', 'out'], { mmdebstrap: makesPackages, mirror });
    expect(read('arguments').trimEnd().split('\n').slice(-last.length)).toEqual(last);
  });

  it('leaves nothing when mmdebstrap fails, and shows what that said', () => {
    const { status, stderr, cwd, left } = build(['iptables', 'out'], {
      mmdebstrap: 'echo E: no route >&2; exit 25',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('E: no route');
    expect(stderr).toContain('iptables was not built for Debian bookworm: mmdebstrap ended with 25');
    expect(left).toEqual([]);
    expect(existsSync(path.join(cwd, 'out'))).toBe(false);
  });
});
