import { describe, expect, it } from 'vitest';
import { shellCalls } from '../../../../src/scenario/syntax/shellCalls.js';
import { wordAt } from '../../../../src/scenario/syntax/word.js';

const callsOf = (...lines: string[]) =>
  shellCalls(lines.map((line) => wordAt(line, 0))).map(({ program, words }) =>
    [program, ...words.map(({ text }) => text)].join(' '),
  );

describe('the calls in command lines', () => {
  it.each([
    ['a 1; b "2 3" && c \'4\'5 || d | e & f', ['a 1', 'b 2 3', 'c 45', 'd', 'e', 'f']],
    ['if a; then b; else c; fi', ['a', 'b', 'c']],
    ['{ a; }; ( b )', ['a', 'b']],
    ['X=1 a $X', ['a $X']],
    ['a >/dev/null 2>&1 # b', ['a']],
    ['a "$(b c)" `d`', ['b c', 'd', 'a $(b c) `d`']],
    ['sudo -n timeout 5 /sbin/a b', ['a b']],
    ["sh -c 'a; b'", ['sh -c a; b', 'a', 'b']],
    ['a \\\n b', ['a b']],
    ['a ${VIP} $${x}', ['a ${VIP} $${x}']],
    ['a \\$x \'$y\' "\\$z"', ['a $x $y $z']],
  ])('are those that bash makes: %s', (line, calls) => {
    expect(callsOf(line)).toEqual(calls);
  });

  it.each([
    [['for i in 1 2; do a $i; done'], ['a 1', 'a 2']],
    [['for i in 1 2; do for j in 3 4; do a $i$j; done; done'], ['a 13', 'a 14', 'a 23', 'a 24']],
    [['x=1', 'y=${VIP}$x', 'a "$y"'], ['a ${VIP}1']],
    [['x="1 2"; a $x; a "$x"'], ['a 1 2', 'a 1 2']],
    [['x=1; x=2; a $x'], ['a 1', 'a 2']],
    [
      ['for i in 1 2; do a $i; done', 'for i in 3; do a $i; done'],
      ['a 1', 'a 2', 'a 3'],
    ],
  ])('have known variables filled in: %j', (lines, calls) => {
    expect(callsOf(...lines)).toEqual(calls);
  });

  it('stay as they are where variables would make too many of them', () => {
    const loops = Array.from({ length: 30 }, (_, index) => `for v${index} in a b; do`).join(' ');
    const names = Array.from({ length: 30 }, (_, index) => `$v${index}`);
    const calls = callsOf(`${loops} a ${names.join('')}; b $v0`);
    expect(calls.length).toBeLessThan(20_000);
    expect(calls.filter((call) => call.startsWith('b'))).toEqual(['b a', 'b b']);
    expect(calls[0]).toContain('$v29');
    expect(callsOf(...Array.from({ length: 500 }, () => 'x=$x$x'), 'a $x')).toEqual(['a $x']);
    expect(callsOf('x=1; x=$x$x', 'a $x')).toEqual(['a 1', 'a 11']);
  });

  it('are read to the end, whatever is not closed', () => {
    for (const open of ['"', "'", '$(', '`', '(', '${', '$((', '<<X\n', '<'])
      expect(callsOf(`a ${open.repeat(2001)} b`).length, open).toBeLessThanOrEqual(3000);
  });
});
