import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../engine/tempFolder.js';

const script = fileURLToPath(new URL('../../../../lab/kernel-fix/build.sh', import.meta.url));

/** Runs the script with a stand-in for mmdebstrap, in a folder of its own. */
function build(argv: readonly string[], { mmdebstrap = 'exit 0', mirror = '' } = {}) {
  const cwd = tempFolder();
  for (const name of ['bin', 'tmp']) mkdirSync(path.join(cwd, name));
  const program = path.join(cwd, 'bin/mmdebstrap');
  writeFileSync(program, `#!/bin/bash\n${mmdebstrap}\n`);
  chmodSync(program, 0o755);
  const env = {
    PATH: `${path.dirname(program)}:/usr/bin:/bin`,
    TMPDIR: path.join(cwd, 'tmp'),
    LVS_LAB_DEBIAN_MIRROR: mirror,
  };
  const { status, stdout, stderr } = spawnSync('bash', [script, ...argv], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr, cwd, left: readdirSync(env.TMPDIR) };
}

/** Puts modules where the hooks of a real mmdebstrap would; its folder is the one it is told to work in. */
const makesModules = `
printf '%s\\n' "$@" >arguments
mkdir -p "$TMPDIR"/modules/{stock,patched}
echo 6.1.0-1-amd64 >"$TMPDIR/modules/release"
echo stock >"$TMPDIR/modules/stock/ip_vs.ko"
echo patched >"$TMPDIR/modules/patched/ip_vs.ko"`;

describe('kernel-fix/build.sh', () => {
  it.each([
    [[], /OUT: no folder was named/],
    [['--suit', 'bookworm', 'out'], /--suit: no such option/],
    [['out', '--suite'], /--suite: no suite was named/],
    [['out', '--suite', 'bookworm-backports'], /name the suite without them: --suite bookworm$/m],
    [['out', '--suite', 'Book worm'], /not the name of a Debian suite/],
    [['out', 'more'], /more: one folder was given already, out/],
    [['bin'], /bin: is not an empty folder\n {2}name one that is empty or new/],
  ])('refuses %j, and says what to do', (argv, message) => {
    const { status, stderr } = build(argv, { mmdebstrap: 'echo started >&2' });
    expect(status).toBe(5);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('started');
  });

  it('puts both modules and the release into a new folder', () => {
    const { status, stdout, cwd, left } = build(['--suite', 'trixie', 'out/modules'], {
      mmdebstrap: makesModules,
    });
    expect(status).toBe(0);
    expect(readFileSync(path.join(cwd, 'out/modules/patched/ip_vs.ko'), 'utf8')).toBe('patched\n');
    expect(stdout).toContain('built for 6.1.0-1-amd64');
    expect(stdout).toContain('--from debian:trixie --module out/modules/patched/ip_vs.ko');
    expect(left).toEqual([]);
  });

  it.each([
    ['', ['trixie', '-']],
    ['http://mirror.example/debian', ['trixie', '-', 'http://mirror.example/debian']],
  ])('takes packages from the mirror %j', (mirror, last) => {
    const { cwd } = build(['--suite', 'trixie', 'out'], { mmdebstrap: makesModules, mirror });
    const given = readFileSync(path.join(cwd, 'arguments'), 'utf8').trimEnd().split('\n');
    expect(given.slice(-last.length)).toEqual(last);
  });

  it('leaves nothing when mmdebstrap fails, and shows what that said', () => {
    const { status, stderr, cwd, left } = build(['out'], { mmdebstrap: 'echo E: no route >&2; exit 25' });
    expect(status).toBe(2);
    expect(stderr).toContain('E: no route');
    expect(stderr).toContain('were not built: mmdebstrap ended with 25');
    expect(left).toEqual([]);
    expect(existsSync(path.join(cwd, 'out'))).toBe(false);
  });
});
