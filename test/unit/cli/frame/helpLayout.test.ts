import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../src/cli/frame/io.js';
import { textWidth } from '../../../../src/report/text/wrap.js';
import { declaration, fakeServices, lvsLab } from '../harness.js';

/** A command's help on a terminal of this width; undefined: it goes into a file. */
async function help(words: readonly string[], columns?: number): Promise<string> {
  const stdout: Output = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  let text = '';
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await lvsLab([...words, '--help'], fakeServices(), { stdout });
  return text;
}

const commands = [
  [],
  ...declaration().commands.flatMap((command) => [
    [command.name()],
    ...command.commands.map((below) => [command.name(), below.name()]),
  ]),
];

/** The words of a help, however they are arranged. */
const wordsOf = (text: string): string => text.split(/\s+/).join(' ');

describe('--help', () => {
  it.each(commands.map((words) => ({ name: ['lvs-lab', ...words].join(' '), words })))(
    'fits the terminal and loses no word: $name',
    async ({ words }) => {
      const plain = await help(words);
      for (const columns of [40, 60, 80, 120]) {
        const text = await help(words, columns);
        // A word that is wider than the terminal stays whole.
        const wide = text
          .split('\n')
          .filter((line) => textWidth(line) > columns && line.trim().includes(' '));
        expect(wide).toEqual([]);
        expect(wordsOf(text)).toBe(wordsOf(plain));
      }
    },
  );

  it('has descriptions below the options where there is no room beside', async () => {
    expect(await help(['run'], 40)).toMatch(/\n {2}--tag <tag>\n {6}only scenarios with this tag;/);
    expect(await help(['run'], 120)).toMatch(
      /\n {2}--tag <tag> +only scenarios with this tag; several: with/,
    );
  });
});
