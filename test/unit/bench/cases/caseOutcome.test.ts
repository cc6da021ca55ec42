import { describe, expect, it } from 'vitest';
import {
  agreedOutcomes,
  type CaseOutcome,
  labOutcomeOf,
  scriptLinesIn,
} from '../../../../bench/cases/caseOutcome.js';
import type { ScenarioEntry } from '../../../../src/report/document/documentSchema.js';

const blocked: CaseOutcome = {
  case: 'close/server-first@nft',
  control: 'healthy',
  outcome: 'close-blocked',
  signal: 'ICMP 3/10 from director',
};
const line = JSON.stringify({ ...blocked, milliseconds: 8200, controlMilliseconds: 2100 });

/** An entry of results.json, as far as it is read. */
function entry(result: string, signal: object): ScenarioEntry {
  const verdict = { control: { outcome: 'healthy' }, measured: { outcome: 'close-blocked', signal } };
  return {
    ...{ id: 'close/server-first', job: 'close/server-first@nft', cell: { iptables: 'nft' } },
    ...{ result, verdict },
  } as unknown as ScenarioEntry;
}
const refused = { kind: 'icmp', type: 3, code: 10, from: 'director' };

describe('scriptLinesIn', () => {
  it('has a case for each line', () => {
    expect(scriptLinesIn(`${line}\n${line}\n`)).toEqual([JSON.parse(line), JSON.parse(line)]);
  });

  it('refuses anything else', () => {
    expect(() => scriptLinesIn(`${line}\nxargs: no`)).toThrow('expected a line of JSON for each case');
  });
});

describe('labOutcomeOf', () => {
  it("has the script's words", () => {
    expect(labOutcomeOf(entry('pass', refused))).toEqual(blocked);
    expect(labOutcomeOf(entry('pass', { kind: 'silence' }))).toEqual({ ...blocked, signal: 'silence' });
  });

  it('takes nothing from a lab that was not sound', () => {
    expect(labOutcomeOf(entry('inconclusive', refused)).outcome).toBe('undecided');
  });
});

describe('agreedOutcomes', () => {
  const agreed = (lab: readonly CaseOutcome[], script: readonly CaseOutcome[]) =>
    agreedOutcomes([blocked.case], lab, script);
  const detailsOf = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return (error as { readonly details?: string }).details;
    }
  };

  it('are those of both', () => {
    expect(agreed([blocked], scriptLinesIn(line))).toEqual([blocked]);
  });

  it.each([
    [
      'another outcome',
      { outcome: 'healthy' },
      'lab: close-blocked with ICMP 3/10 from director; script: healthy',
    ],
    ['another signal', { signal: 'silence' }, 'script: close-blocked with silence'],
    ['an unhealthy control run', { control: 'undecided' }, 'found healthy (lab) and undecided (script)'],
  ])('are refused with %s', (_, change, said) => {
    expect(detailsOf(() => agreed([blocked], [{ ...blocked, ...change }]))).toContain(said);
  });

  it('are refused where both have not decided', () => {
    const undecided = { ...blocked, outcome: 'undecided' };
    expect(detailsOf(() => agreed([undecided], [undecided]))).toContain('undecided');
  });

  it('are refused where one side says nothing', () => {
    expect(detailsOf(() => agreed([blocked], []))).toBe(`${blocked.case}: the script says nothing`);
    expect(detailsOf(() => agreed([], [blocked]))).toBe(`${blocked.case}: the lab says nothing`);
  });
});
