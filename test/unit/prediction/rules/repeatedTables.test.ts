import { describe, expect, it } from 'vitest';
import { repeatedTables } from '../../../../src/prediction/rules/repeatedTables.js';
import { predicted } from '../siteAnswers.js';

const table = (...rules: readonly string[]) =>
  ['*filter', ':INPUT ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
const [accepting, dropping] = ['ACCEPT', 'DROP'].map((end) => table(`-A INPUT -p tcp --dport 80 -j ${end}`));
const ipvsadm = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1\n';

function outcomeOf(text: string): string | undefined {
  const files = { 'rules.save': text, 'ipvsadm.save': ipvsadm };
  const { services } = predicted(
    Object.entries(files).map(([name, own]) => ({ name, text: own, isNamed: true })),
  );
  return services[0]?.outcome;
}

describe('a table that comes twice in a file', () => {
  it('is the one that comes last, whatever the first accepts or drops', () => {
    expect(outcomeOf(`${dropping ?? ''}${accepting ?? ''}`)).toBe('healthy');
    expect(outcomeOf(`${accepting ?? ''}${dropping ?? ''}`)).toBe('unreachable');
  });

  it('is told at its second place', () => {
    expect(repeatedTables([{ name: 'a', text: `${dropping ?? ''}${accepting ?? ''}` }])).toMatchObject([
      { done: 'noted', at: { file: 'a', line: 5 }, message: expect.stringContaining('a:1') as string },
    ]);
    expect(repeatedTables([{ name: 'a', text: `${accepting ?? ''}*nat\nCOMMIT\n` }])).toEqual([]);
  });
});

describe('a table that comes in two files', () => {
  it('is refused where they differ', () => {
    const files = [dropping, accepting].map((text = '', index) => ({ name: `file${index}`, text }));
    expect(repeatedTables(files)).toMatchObject([{ done: 'refused', at: { file: 'file1', line: 1 } }]);
  });

  it('is no matter where only counters and comments do', () => {
    const files = [accepting ?? '', `# saved\n${accepting?.replace('0:0', '7:420') ?? ''}`];
    expect(repeatedTables(files.map((text, index) => ({ name: `file${index}`, text })))).toEqual([]);
  });
});
