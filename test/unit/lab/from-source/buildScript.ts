import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { tempFolder } from '../../engine/tempFolder.js';

interface Stage {
  /** What the stand-in for mmdebstrap does; by default nothing. */
  readonly mmdebstrap?: string;
  readonly mirror?: string;
  /** Files that are there, with their texts. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a run of a script came to; `left` is what it left in TMPDIR. */
export type Built = ReturnType<ReturnType<typeof buildScript>>;

/** Runs a script of `lab/` that builds in a throw-away root with a stand-in for mmdebstrap, in a folder of its own. */
export function buildScript(script: string) {
  return (argv: readonly string[], { mmdebstrap = 'exit 0', mirror = '', files = {} }: Stage = {}) => {
    const cwd = tempFolder();
    for (const name of ['bin', 'tmp']) mkdirSync(path.join(cwd, name));
    const program = path.join(cwd, 'bin/mmdebstrap');
    writeFileSync(program, `#!/bin/bash\n${mmdebstrap}\n`);
    chmodSync(program, 0o755);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
    const env = {
      PATH: `${path.dirname(program)}:/usr/bin:/bin`,
      TMPDIR: path.join(cwd, 'tmp'),
      LVS_LAB_DEBIAN_MIRROR: mirror,
    };
    const words = [path.join(packageRoot, 'lab', script), ...argv];
    const { status, stdout, stderr } = spawnSync('bash', words, { cwd, env, encoding: 'utf8' });
    const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');
    return { status, stdout, stderr, cwd, read, left: readdirSync(env.TMPDIR) };
  };
}

/** The tests of what such scripts share: `argv` asks for a suite's build into `out`, which `makes` stands in for. */
export function itBuildsInThrowAwayRoots(
  build: (argv: readonly string[], stage?: Stage) => Built,
  {
    argv,
    makes,
    failure,
  }: { readonly argv: readonly string[]; readonly makes: string; readonly failure: string },
): void {
  it.each([
    ['', ['trixie', '-']],
    ['http://mirror.example/debian', ['trixie', '-', 'http://mirror.example/debian']],
  ])('takes packages from the mirror %j', (mirror, last) => {
    const { read } = build(['--suite', 'trixie', ...argv], { mmdebstrap: makes, mirror });
    expect(read('arguments').trimEnd().split('\n').slice(-last.length)).toEqual(last);
  });

  it('leaves nothing when mmdebstrap fails, and shows what that said', () => {
    const { status, stderr, cwd, left } = build(argv, { mmdebstrap: 'echo E: no route >&2; exit 25' });
    expect(status).toBe(2);
    expect(stderr).toContain('E: no route');
    expect(stderr).toContain(`${failure}: mmdebstrap ended with 25`);
    expect(left).toEqual([]);
    expect(existsSync(path.join(cwd, 'out'))).toBe(false);
  });
}
