import { describe, expect, it } from 'vitest';
import { iptablesWords } from '../../../../../src/scenario/syntax/iptables/iptablesOptions.js';
import { IptablesReader } from '../../../../../src/scenario/syntax/iptables/iptablesText.js';
import { linesOf } from '../../../../../src/scenario/syntax/word.js';

function read(text: string, ...calls: readonly string[]) {
  const reader = new IptablesReader<number>();
  reader.text(linesOf(text).map((line, index) => ({ words: iptablesWords(line), at: index + 1 })));
  for (const [index, call] of calls.entries())
    for (const line of linesOf(call)) reader.call(iptablesWords(line), 100 + index);
  return reader;
}

/** The lines of a chain's rules, in the order in which packets pass them. */
const order = ({ chains }: ReturnType<typeof read>, chain: string) =>
  chains.get(chain)?.rules.map(({ at }) => at);

describe('chains of iptables', () => {
  it('are of their tables, and have hooks and policies', () => {
    const { chains, others } = read(
      '*nat\n:PREROUTING ACCEPT [0:0]\n:MINE - [0:0]\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n# said\n-P OUTPUT DROP\n',
    );
    expect([...chains.values()].map(({ table, name, hook, policy }) => [table, name, hook, policy])).toEqual([
      ['nat', 'PREROUTING', 'PREROUTING', 'accept'],
      ['nat', 'MINE', undefined, 'accept'],
      ['filter', 'INPUT', 'INPUT', 'drop'],
      ['filter', 'OUTPUT', 'OUTPUT', 'drop'],
    ]);
    expect(others).toEqual([]);
  });

  it('have inserted rules at their place, and at the first where there are not as many', () => {
    const rules = '-A INPUT -j LOG\n-A INPUT -j DROP\n';
    expect(order(read(rules), 'filter INPUT')).toEqual([1, 2]);
    expect(order(read(`${rules}-I INPUT -j ACCEPT`), 'filter INPUT')).toEqual([3, 1, 2]);
    expect(order(read(`${rules}-I INPUT 2 -j ACCEPT`), 'filter INPUT')).toEqual([1, 3, 2]);
    expect(order(read(`${rules}-I INPUT 9 -j ACCEPT`), 'filter INPUT')).toEqual([3, 1, 2]);
  });

  it('get rules of calls, which name the table anywhere', () => {
    expect(order(read('', '-A INPUT -j DROP -t raw', '-A INPUT -j DROP'), 'raw INPUT')).toEqual([100]);
  });

  it('have options of a target apart from those of a match behind it', () => {
    const text = '-A INPUT -j REJECT --reject-with tcp-reset -i eth0 -m comment --comment "-j DROP"';
    const [rule] = read(text).chains.get('filter INPUT')?.rules ?? [];
    const named = (options: readonly { readonly option: string }[] = []) =>
      options.map(({ option }) => option);
    expect(rule?.target?.name).toBe('REJECT');
    expect(named(rule?.target?.options)).toEqual(['--reject-with']);
    expect(named(rule?.options)).toEqual(['-i', '-m', '--comment']);
  });

  it.each(['-D INPUT 1', '-F INPUT', 'foo bar', '-A', '-R INPUT 1 -j DROP'])('are not all of %s', (line) => {
    expect(read(`-A INPUT -j DROP\n${line}`).others).toEqual([2]);
  });
});
