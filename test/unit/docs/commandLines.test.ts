import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { commandLinesIn, commandNames, complaintAbout } from './commandLines.js';

const folders = ['.', 'docs', 'ci', 'ci/github', 'bench', 'scenarios', 'src', 'images', 'scripts'];
const kinds = /\.(?:md|yml|yaml|ts|mjs|sh|sbatch)$|Dockerfile$/;

/** What looks like a command line and is none, each with the reason. */
const notCommands = new Map([
  ['src/report/files/ktap.ts: ${ended.version}', 'the version in a comment of KTAP'],
]);

/** All texts that somebody may copy a command from, relative to the package's root. */
function texts(): string[] {
  const deep = new Set(['docs', 'scenarios', 'src', 'images', 'bench']);
  return folders.flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { recursive: deep.has(folder), encoding: 'utf8' })
      .filter((name) => kinds.test(name))
      .map((name) => path.join(folder, name)),
  );
}

const read = (file: string) => readFileSync(path.join(packageRoot, file), 'utf8');

async function complaintsIn(file: string, text: string): Promise<string[]> {
  const lines = commandLinesIn(text).filter(({ text: words }) => !notCommands.has(`${file}: ${words}`));
  const found = await Promise.all(
    lines.map(async (line) => {
      const complaint = await complaintAbout(line);
      return complaint === undefined ? [] : [`${file}:${String(line.line)}: ${line.text}: ${complaint}`];
    }),
  );
  return found.flat();
}

describe('command lines in documentation, examples, help texts and hints', () => {
  it('are ones that the program takes', async () => {
    const files = texts();
    const complaints = await Promise.all(files.map((file) => complaintsIn(file, read(file))));
    expect(complaints.flat()).toEqual([]);
    const parsed = files.flatMap((file) => commandLinesIn(read(file)).map(({ text }) => `${file}: ${text}`));
    // A reason for what is not there any more is no reason.
    expect(parsed).toEqual(expect.arrayContaining([...notCommands.keys()]));
    expect(parsed.length).toBeGreaterThan(150);
  });

  it('are all found: what names the program with a command behind it is one of them, or prose', () => {
    const named = new RegExp(
      String.raw`(?:\blvs-lab|cli/main\.js) (?:-|(?:${[...commandNames].join('|')})\b)`,
    );
    const missed = texts().flatMap((file) => {
      const lines = read(file).replaceAll('\\`', '`').split('\n');
      const seen = new Set(commandLinesIn(read(file)).map(({ line }) => line));
      return lines.flatMap((line, index) =>
        named.test(line) && !seen.has(index + 1) ? [`${file}: ${line.trim()}`] : [],
      );
    });
    expect(missed).toEqual([]);
  });

  it('are told from ones that the program does not take', async () => {
    const sample = [
      'lvs-lab run close/server-first --bogus',
      'See `lvs-lab kernels list`.',
      "git bisect run sh -c 'make || exit 125; exec lvs-lab run x --kernal bisect'",
      '    hint: see what there is: lvs-lab kernel lst',
      '- run: node lvs-lab/dist/cli/main.js merge',
      'lvs-lab run a --kernel x \\',
      '  --imagine y',
      '`lvs-lab judge` is named without its argument, `npx lvs-lab list --jsn` with an option',
    ].join('\n');
    const complaints = await complaintsIn('x.md', sample);
    expect(complaints.map((each) => each.replace(/^x\.md:(\d+):.*error: ([^\n]*)[^]*/, '$1 $2'))).toEqual([
      "1 unknown option '--bogus'",
      "2 unknown command 'kernels'",
      "3 unknown option '--kernal'",
      "4 unknown command 'lst'",
      "5 missing required argument 'dir'",
      "6 unknown option '--imagine'",
      "8 unknown option '--jsn'",
    ]);
  });
});

describe('npm scripts in documentation', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const unknownIn = (text: string) =>
    [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(scripts, name));

  it('are there', () => {
    const named = texts().flatMap((file) => unknownIn(read(file)).map((name) => `${file}: ${name}`));
    expect(named).toEqual([]);
    expect(unknownIn('`npm run repro`, `npm run nothing`')).toEqual(['nothing']);
  });
});
