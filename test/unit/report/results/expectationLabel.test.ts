import { describe, expect, it } from 'vitest';
import { noPaint, paintFor } from '../../../../src/report/text/colour.js';
import {
  paintedExpectationLabel,
  expectationLabel,
} from '../../../../src/report/results/expectationLabel.js';
import { summaryText } from '../../../../src/report/console/summary.js';
import type { Verdict } from '../../../../src/verdict/model/verdict.js';
import { blocked, blockedFlows, failed, healthy, inconclusive, passed, resultWith } from '../samples.js';

const activity = (verdict: Partial<Verdict>) =>
  expectationLabel(resultWith({ verdict: { ...passed, ...verdict } }));
const wantsHealthy = { outcome: 'healthy', signal: undefined } as const;

describe('what a verdict says of the bug', () => {
  it('tells a PASS that shows the bug from one that shows its absence', () => {
    expect(activity({})).toBe('bug seen, as expected');
    expect(activity({ measured: healthy, expected: wantsHealthy })).toBe('healthy, as expected');
  });

  it('says of a FAIL what was seen and what was expected', () => {
    const fail = { result: 'fail' } as const;
    expect(activity({ ...fail, expected: wantsHealthy })).toBe('bug seen, expected healthy');
    expect(activity({ ...fail, measured: healthy })).toBe('healthy, expected the bug');
    expect(activity({ ...fail, measured: { ...blocked, outcome: 'unreachable' } })).toBe(
      'bug seen, but not as expected',
    );
  });

  it('counts flows: healthy connections beside blocked flows are no health', () => {
    const measured = { ...healthy, numbers: { ...healthy.numbers, flows: blockedFlows } };
    expect(activity({ result: 'fail', measured, expected: wantsHealthy })).toBe('bug seen, expected healthy');
  });

  it('is nothing where nothing was decided', () => {
    expect(expectationLabel(resultWith({ verdict: inconclusive }))).toBeUndefined();
    expect(expectationLabel(resultWith({ error: new Error('gone') }))).toBeUndefined();
  });

  it('has a colour for each', () => {
    const paint = paintFor({ isTTY: true }, {});
    const of = (verdict: Verdict) => paintedExpectationLabel(resultWith({ verdict }), paint);
    expect(of(passed)).toBe(paint.yellow('bug seen, as expected'));
    expect(of({ ...passed, measured: healthy, expected: wantsHealthy })).toBe(
      paint.green('healthy, as expected'),
    );
    expect(of(failed)).toBe(paint.red('bug seen, expected healthy'));
  });

  it('stands beside the result in the summary', () => {
    const text = summaryText([resultWith({ verdict: passed }), resultWith({ verdict: failed })], noPaint);
    expect(text).toMatch(/^ {2}PASS {2}bug seen, as expected +close/m);
    expect(text).toMatch(/^ {2}FAIL {2}bug seen, expected healthy +close/m);
  });
});
