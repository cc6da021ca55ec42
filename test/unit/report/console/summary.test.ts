import { describe, expect, it } from 'vitest';
import { resultsToDetail } from '../../../../src/report/results/detailLevel.js';
import { noPaint } from '../../../../src/report/text/colour.js';
import { summaryText } from '../../../../src/report/console/summary.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import { blockedFlows, healthy, failed, inconclusive, passed, resultWith } from '../samples.js';

const pass = (scenario: string, repeat = 1) => resultWith({ verdict: passed }, { scenario, repeat });
const fail = (scenario: string, repeat = 1) => resultWith({ verdict: failed }, { scenario, repeat });
const unclear = (scenario: string, repeat = 1) => resultWith({ verdict: inconclusive }, { scenario, repeat });
const broke = (scenario: string, repeat = 1) =>
  resultWith({ error: new Error('gone') }, { scenario, repeat });

describe('the summary', () => {
  it('lists every job and counts each kind of result', () => {
    const lines = summaryText([pass('a'), fail('b'), unclear('c'), broke('d')], noPaint).split('\n');
    expect(lines.map((line) => line.trim().split(/ +/)[0])).toEqual([
      'result',
      'PASS',
      'FAIL',
      'INCONCLUSIVE',
      'BROKE',
      '',
      '1',
      '',
    ]);
    expect(lines.at(-2)).toBe('1 passed, 1 failed, 1 inconclusive, 1 broke');
  });

  it('tells a file that was refused from a lab that broke, and counts such where there are some', () => {
    const refused = (repeat = 1) =>
      resultWith({ error: new RulesError('e.yaml:3:5: no such match') }, { scenario: 'e', repeat });
    const text = summaryText([pass('a'), refused()], noPaint);
    expect(text).toMatch(/^ *REFUSED +e /m);
    expect(text).toMatch(/\n1 passed, 0 failed, 0 inconclusive, 0 broke, 1 refused\n$/);
    expect(summaryText([pass('a'), broke('e')], noPaint)).toMatch(/\n1 passed, .* 1 broke\n$/);
    expect(summaryText([pass('e'), refused(2)], noPaint)).toMatch(/^ *scenario .* broke +refused$/m);
  });

  it('says nothing of repeats, mutations and shuffling where there were none', () => {
    const text = summaryText([pass('a'), pass('b')], noPaint);
    expect(text).not.toMatch(/each time|mutations|shuffled/);
  });

  it('shows how flows fared where it was otherwise than the connections', () => {
    const measured = { ...healthy, numbers: { ...healthy.numbers, flows: blockedFlows } };
    const seen = (finding: typeof measured) =>
      summaryText([resultWith({ verdict: { ...failed, measured: finding } })], noPaint);
    expect(seen(measured)).toContain('healthy, flows close-blocked');
    const alike = { ...blockedFlows, outcome: 'healthy' } as const;
    expect(seen({ ...measured, numbers: { ...measured.numbers, flows: alike } })).not.toContain('flows');
  });

  it('gives the seed of a shuffled order', () => {
    expect(summaryText([pass('a')], noPaint, { seed: 'x1' })).toContain(
      'order shuffled with the seed x1; --shuffle=x1 gives it again\n',
    );
  });
});

describe('the summary of scenarios that ran several times', () => {
  it('counts what each came to, and is content when it was the same each time', () => {
    const text = summaryText([pass('a'), fail('b'), pass('a', 2), fail('b', 2)], noPaint);
    expect(text).toBe(
      [
        '  scenario  pass  fail  inconclusive  broke',
        '  a            2     0             0      0',
        '  b            0     2             0      0',
        '',
        'the same outcome each time: 2 scenarios',
        '',
        '2 passed, 2 failed, 0 inconclusive, 0 broke',
        '',
      ].join('\n'),
    );
  });

  it('names those whose result differed, and what it was', () => {
    const results = [pass('a'), pass('b'), pass('a', 2), unclear('b', 2), pass('a', 3), broke('b', 3)];
    const text = summaryText(results, noPaint);
    expect(text).toMatch(/^ {2}b +1 +0 +1 +1$/m);
    expect(text).toContain(
      'not the same outcome each time:\n  b: 1 pass (close-blocked), 1 inconclusive, 1 broke\n',
    );
    expect(text).not.toContain('the same outcome each time: ');
    expect(text).not.toMatch(/^ {2}a: /m);
  });

  it('takes another outcome for a difference also when both fail', () => {
    const other = resultWith({ verdict: { ...failed, measured: healthy } }, { scenario: 'a', repeat: 2 });
    expect(summaryText([fail('a'), other], noPaint)).toContain(
      '  a: 1 fail (close-blocked), 1 fail (healthy)\n',
    );
  });
});

describe('the summary of mutations', () => {
  it('says that fail is hoped for, and is content when all failed', () => {
    const text = summaryText([fail('a'), fail('b')], noPaint, { mutated: true });
    expect(text).toContain('These are mutations: ');
    expect(text).toContain('2 of 2 came out as `fail`.\n');
    expect(text).toMatch(/\n0 passed, 2 failed, 0 inconclusive, 0 broke\n$/);
  });

  it('names those that did not', () => {
    const text = summaryText([fail('a'), pass('b'), unclear('c')], noPaint, { mutated: true });
    expect(text).toContain('1 of 3 came out as `fail`; these did not:\n  b: pass\n  c: inconclusive\n');
  });
});

describe('what is shown in full', () => {
  const four = [pass('a'), fail('b'), unclear('c'), broke('d')];
  const shown = (results: typeof four, verbose: boolean, hoped: 'pass' | 'fail') =>
    resultsToDetail(results, { verbose, hoped }).map(({ job }) => job);

  it('is all of up to three jobs', () => {
    expect(shown(four.slice(0, 3), false, 'pass')).toEqual(['a', 'b', 'c']);
  });

  it('is of more than three what did not pass', () => {
    expect(shown(four, false, 'pass')).toEqual(['b', 'c', 'd']);
  });

  it('is of mutations what did not fail', () => {
    expect(shown(four, false, 'fail')).toEqual(['a', 'c', 'd']);
  });

  it('is everything with --verbose', () => {
    expect(shown(four, true, 'pass')).toEqual(['a', 'b', 'c', 'd']);
  });
});
