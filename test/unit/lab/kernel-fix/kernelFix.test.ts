import { describe, expect, it } from 'vitest';
import { buildScript, itBuildsInThrowAwayRoots } from '../from-source/buildScript.js';

const build = buildScript('kernel-fix/build.sh');

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
    const { status, stdout, read, left } = build(['--suite', 'trixie', 'out/modules'], {
      mmdebstrap: makesModules,
    });
    expect(status).toBe(0);
    expect(read('out/modules/patched/ip_vs.ko')).toBe('patched\n');
    expect(stdout).toContain('built for 6.1.0-1-amd64');
    expect(stdout).toContain('--from debian:trixie --module out/modules/patched/ip_vs.ko');
    expect(left).toEqual([]);
  });

  itBuildsInThrowAwayRoots(build, {
    argv: ['out'],
    makes: makesModules,
    failure: 'the modules for Debian bookworm were not built',
  });
});
