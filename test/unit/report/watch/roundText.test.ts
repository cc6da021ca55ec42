import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { roundText, tookText, waitingText, watchedText } from '../../../../src/report/watch/roundText.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import type { Verdict } from '../../../../src/verdict/model/verdict.js';
import { LabError } from '../../../../src/support/errors.js';
import { judged } from '../html/recorded.js';
import { passed } from '../samples.js';

const job = {
  ...{ scenario: 'close/server-first', job: 'close/server-first', repeat: 1 },
  ...{ directory: '/runs/x', seconds: 1 },
};
const verdictOf = async (name: string): Promise<Verdict> => {
  const { verdict } = await judged(name);
  if (verdict === undefined) throw new Error(`no verdict on ${name}`);
  return verdict;
};
const blocked: ScenarioResult = { ...job, verdict: await verdictOf('close-server-first') };
const healthy: ScenarioResult = { ...job, verdict: await verdictOf('healthy') };

describe('what a job came to in a round', () => {
  it('has its verdict, the cause, and nothing of a round before where there was none', () => {
    const text = watchedText(blocked, undefined, noPaint);
    expect(text).toContain('PASS  close/server-first: expected close-blocked with ICMP 3/10');
    expect(text).toContain('60 packets rejected or dropped on director by: -A INPUT -j REJECT');
    expect(text).toMatch(/10 connections close-blocked: .*FIN-WAIT-2/);
    expect(text).not.toContain('since');
  });

  it('has what is not as it was: what was seen, and numbers', () => {
    const text = watchedText(blocked, { round: 3, result: healthy }, noPaint);
    expect(text).toContain('  since round 3:\n');
    expect(text).toContain('    pass: healthy -> pass: close-blocked with ICMP 3/10');
    expect(text).toContain('    connections close-blocked: 0 -> 10\n');
    const back = watchedText(healthy, { round: 4, result: blocked }, noPaint);
    expect(back).toContain('(host-prohibited) from director -> pass: healthy');
    expect(back).toContain('    connections close-blocked: 10 -> 0\n');
  });

  it('says so when nothing is', () => {
    const text = watchedText(blocked, { round: 1, result: blocked }, noPaint);
    expect(text).toContain('since round 1 nothing has changed');
    expect(text).not.toContain('->');
  });

  it('says why there is no verdict, and compares no numbers with none', () => {
    const broke: ScenarioResult = { ...job, error: new LabError('the guest is gone', { hint: 'look' }) };
    const text = watchedText(broke, { round: 1, result: { ...job, verdict: passed } }, noPaint);
    expect(text).toContain('the guest is gone');
    expect(text).toMatch(/pass: .* -> broke/);
    expect(text).not.toMatch(/connections|sockets/);
  });
});

describe('a round', () => {
  const at = { now: new Date(2026, 0, 2, 3, 4, 5), cwd: '/site', paint: noPaint };

  it('is headed by its number, the time and the reason', () => {
    const head = (files: readonly string[], isAsked = false) => roundText({ round: 7, files, isAsked }, at);
    expect(head([])).toBe('03:04:05  round 7\n');
    expect(head([], true)).toBe('03:04:05  round 7, asked for\n');
    expect(head(['/site/rules/a', '/b'])).toBe('03:04:05  round 7, changed: rules/a, ../b\n');
  });

  it('says how long it took, and from when', () => {
    expect(tookText(5.23, ['/a'])).toBe('from the change to the verdict: 5.2 s\n');
    expect(tookText(5.23, [])).toBe('the verdict took 5.2 s\n');
  });

  it('is followed by what there is to do', () => {
    expect(waitingText(2, true)).toBe('watching 2 files; q quits, r runs again, e explains\n');
    expect(waitingText(1, false)).toBe('watching 1 file; Ctrl-C ends\n');
  });
});
