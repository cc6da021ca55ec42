import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionScript, shells } from '../../../../src/cli/completion/shells.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../harness.js';

/** What a bash that has read the script would put in the place of the last part of a line. `program`: what answers it, as a function. */
function completed(line: string, { program = real, cwd = folder() } = {}): readonly string[] {
  const script = `
    ${program}
    ${completionScript('bash')}
    # As an interactive bash has them, which takes words apart there too.
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    COMP_LINE=$1 COMP_POINT=\${#1}
    _lvs_lab
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['--norc', '-c', script, 'bash', line], {
    encoding: 'utf8',
    cwd,
    env: { ...process.env, NODE: process.execPath, ROOT: packageRoot },
  });
  return text.split('\n').filter((each) => each !== '');
}

const real = 'lvs-lab() { (cd "$ROOT" && "$NODE" --import tsx src/cli/main.ts "$@"); }';
/** A program that answers each line with the words it got. */
const echo = `lvs-lab() { printf '<%s>\\n' "$@" | tr -d '\\n'; printf '\\tabout it\\n'; }`;
const answering = (...lines: string[]) =>
  `lvs-lab() { printf '%b\\n' ${lines.map((line) => `'${line}'`).join(' ')}; }`;

describe('completion in bash', () => {
  it('asks the program and offers what it says', () => {
    expect(completed('lvs-lab run --last')).toEqual(['--last-failed']);
    expect(completed('lvs-lab list close/server-first-f')).toEqual(['close/server-first-fixed']);
    expect(completed('lvs-lab run --bogus')).toEqual([]);
  });

  it('replaces what stands behind a colon or an equals sign, as bash does', () => {
    expect(completed('lvs-lab run --kernel debian:trixie-')).toEqual(['trixie-backports']);
    expect(completed('lvs-lab run --engine=l')).toEqual(['local']);
  });

  it('hands over the words up to the cursor, with an empty one behind a blank', () => {
    expect(completed('lvs-lab run  --kernel a', { program: echo })).toEqual([
      '<complete><--><run><--kernel><a>',
    ]);
    expect(completed('lvs-lab run ', { program: echo })).toEqual(['<complete><--><run><>']);
  });

  it('finds files and folders itself', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'my-folder'));
    writeFileSync(join(cwd, 'my file.yaml'), '');
    const files = answering('my-id\\ttext', ':files');
    expect([...completed('lvs-lab run my', { program: files, cwd })].sort()).toEqual([
      'my file.yaml',
      'my-folder',
      'my-id',
    ]);
    expect(completed('lvs-lab run --out=my', { program: answering(':folders'), cwd })).toEqual(['my-folder']);
  });
});

describe('lvs-lab completion', () => {
  it.each(shells)('prints the script for %s, which asks `lvs-lab complete`', async (shell) => {
    const { out, code } = await lvsLab(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toContain(`Completion of lvs-lab for ${shell}`);
    expect(out).toContain('lvs-lab complete -- ');
  });

  it('refuses another shell', async () => {
    expect(await lvsLab(['completion', 'csh'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('Allowed choices are bash, zsh, fish.') as string,
    });
  });
});
