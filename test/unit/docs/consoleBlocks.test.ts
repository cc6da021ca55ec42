import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { lvsLab } from '../cli/harness.js';

const pages = [
  'docs/start/for-operators.md',
  'docs/start/for-kernel-developers.md',
  'docs/start/for-packagers.md',
  'README.zh-CN.md',
];

interface Block {
  readonly argv: readonly string[];
  /** What the page says it prints. */
  readonly lines: readonly string[];
}

/** Blocks of a page that show a command and what it prints. */
function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```console\n\$ lvs-lab (.*)\n([\s\S]*?)^```$/gm)].map(
    ([, words = '', printed = '']) => ({
      argv: words.split(' '),
      lines: printed.trimEnd().split('\n'),
    }),
  );
}

/** The lines of a block that the program does not print in this order; a line of three dots stands for any number of others. */
function strangers({ lines }: Block, out: string): readonly string[] {
  const printed = out.split('\n').map((line) => line.trimEnd());
  let at = 0;
  let gap = false;
  return lines.filter((line) => {
    if (line === '...') {
      gap = true;
      return false;
    }
    const found = gap ? printed.indexOf(line, at) : printed[at] === line ? at : -1;
    if (found < 0) return true;
    gap = false;
    at = found + 1;
    return false;
  });
}

const run = async ({ argv }: Block): Promise<string> =>
  (await lvsLab(argv, undefined, { cwd: packageRoot })).out;

describe.each(pages)('%s', (page) => {
  const text = readFileSync(path.join(packageRoot, page), 'utf8');

  it('begins with a command and what it prints', async () => {
    const [first, ...others] = blocksOf(text);
    expect(text.indexOf('```')).toBe(text.indexOf('```console'));
    for (const block of first === undefined ? [] : [first, ...others])
      expect(strangers(block, await run(block)), block.argv.join(' ')).toEqual([]);
    expect(first?.lines.length).toBeGreaterThan(5);
  });

  it('would be caught saying something else', async () => {
    const [first] = blocksOf(text);
    if (first === undefined) expect.fail('no block');
    const out = await run(first);
    for (const index of [0, 2]) {
      const lines = first.lines.map((line, at) => (at === index ? `${line} x` : line));
      expect(strangers({ ...first, lines }, out)).toContain(lines[index]);
    }
    expect(strangers({ ...first, lines: first.lines.toReversed() }, out)).not.toEqual([]);
  });
});
