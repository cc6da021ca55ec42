import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { unmatchedHintLines, unmatchedLines } from '../../../../src/report/phrases/unmatchedText.js';
import type { UnmatchedName } from '../../../../src/scenario/model/unmatchedName.js';

const things = (count: number, counting: number): readonly UnmatchedName[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'address',
    name: `a${index}`,
    place: { line: index + 1, column: 5 },
    lines: [],
    message: `nobody has a${index}`,
    counts: index >= count - counting,
  }));
const linesOf = (count: number, counting: number) =>
  unmatchedLines('mine.yaml', things(count, counting), noPaint);

describe('what a file names and the lab does not have', () => {
  it('is named, each on its line, first that on which a verdict may depend', () => {
    expect(linesOf(2, 1)).toEqual([
      'warning: mine.yaml:2:5: nobody has a1; a verdict that may depend on it is inconclusive',
      'warning: mine.yaml:1:5: nobody has a0',
    ]);
    expect(linesOf(100, 0)).toHaveLength(100);
  });

  it('is counted where it is very much', () => {
    expect(linesOf(50_000, 3)).toHaveLength(101);
    expect(linesOf(50_000, 3).at(-1)).toBe(
      'warning: mine.yaml: names 49900 more things that the lab does not have, on none of which a verdict depends',
    );
    expect(linesOf(500, 150).at(-1)).toBe(
      'warning: mine.yaml: names 400 more things that the lab does not have, on 50 of which a verdict may depend',
    );
  });

  it('has advice that is a sentence, also where there is nothing to do but to accept it', () => {
    const hintOf = (...kinds: readonly UnmatchedName['kind'][]) =>
      unmatchedHintLines(kinds.map((kind) => ({ ...things(1, 1)[0]!, kind }))).join('\n');
    expect(hintOf('user')).toBe('  hint: take the verdict as it is: `unmatched: accept`');
    expect(hintOf('user', 'address')).toBe(
      '  hint: write `${VIP}` and the like for addresses, or take the verdict as it is: `unmatched: accept`',
    );
    expect(unmatchedHintLines(things(1, 0))).toEqual([]);
  });
});
