import { describe, expect, it } from 'vitest';
import { noPaint, paintFor } from '../../../src/report/colour.js';
import { scenarioText, summaryText } from '../../../src/report/verdict.js';
import { LabError } from '../../../src/support/errors.js';
import { blocked, failed, healthy, inconclusive, passed } from './samples.js';

const at = { directory: 'runs/r/close-server-first', seconds: 41.26 };

describe('the result of a scenario', () => {
  it('gives expected and seen, the reasons, every number and the evidence', () => {
    const text = scenarioText({ scenario: passed.scenario, ...at, verdict: passed }, noPaint);
    expect(text).toBe(
      [
        'PASS  close/server-first: expected close-blocked with ICMP 3/10 (host-prohibited) from director, saw close-blocked with ICMP 3/10 (host-prohibited) from director',
        '',
        '  - all 10 connections could not close, as expected',
        '',
        '  all 10 connections close-blocked',
        '',
        '  sockets at the end  client  realserver1  realserver2',
        '  FIN-WAIT-2               0            5            5',
        '  LAST-ACK                10            0            0',
        '',
        '  ICMP errors                  from      quoting  messages',
        '  ICMP 3/10 (host-prohibited)  director  FIN,ACK        45',
        '',
        '  packets rejected or dropped by                         on        packets',
        '  -A INPUT -j REJECT --reject-with icmp-host-prohibited  director       60',
        '',
        '  IPVS connections  entries',
        '  ESTABLISHED            10',
        '',
        '  closing segments at the director: 60 FIN, 0 RST',
        '',
        '  control without rules: healthy; all 10 connections healthy',
        '  evidence: runs/r/close-server-first',
        '',
      ].join('\n'),
    );
  });

  it('says none where there is nothing to count', () => {
    const verdict = { ...passed, measured: healthy };
    const text = scenarioText({ scenario: passed.scenario, ...at, verdict }, noPaint);
    expect(text).toContain('  ICMP errors: none\n');
    expect(text).toContain('  packets rejected or dropped by a rule: none\n');
    expect(text).toContain('saw healthy\n');
  });

  it('calls a failed verdict FAIL', () => {
    const text = scenarioText({ scenario: failed.scenario, ...at, verdict: failed }, noPaint);
    expect(text).toMatch(
      /^FAIL {2}close\/server-first-fixed: expected healthy, saw close-blocked with ICMP 3\/10/,
    );
  });

  it('says why it is inconclusive, and what is wrong with the control', () => {
    const text = scenarioText({ scenario: inconclusive.scenario, ...at, verdict: inconclusive }, noPaint);
    expect(text).toMatch(/^INCONCLUSIVE {2}close\/server-first: .*, saw nothing: the phase never ran\n/);
    expect(text).toContain('  - the control run was not healthy\n');
    expect(text).toContain(
      '  control without rules: no single outcome; all 10 connections healthy; 3 connections are unexplained\n',
    );
  });

  it('shows the error of a broken lab, and still where the evidence is', () => {
    const error = new LabError('the guest kernel panicked', { details: 'Kernel panic - not syncing' });
    const text = scenarioText({ scenario: 'a/b', ...at, error }, noPaint);
    expect(text).toBe(
      [
        'BROKE  a/b: the lab broke after 41.3 s',
        '',
        '  error: the guest kernel panicked',
        '      Kernel panic - not syncing',
        '',
        '  evidence: runs/r/close-server-first',
        '',
      ].join('\n'),
    );
  });

  it('spells out signals other than ICMP', () => {
    const reset = { ...blocked, signal: { kind: 'tcp-reset', from: 'unknown' } as const };
    const text = scenarioText({ scenario: 'a/b', ...at, verdict: { ...passed, measured: reset } }, noPaint);
    expect(text).toContain('saw close-blocked with TCP reset from unknown\n');
    const silent = { ...blocked, signal: { kind: 'silence' } as const };
    expect(
      scenarioText({ scenario: 'a/b', ...at, verdict: { ...passed, measured: silent } }, noPaint),
    ).toContain('saw close-blocked with silence\n');
  });
});

describe('the summary', () => {
  it('lists every scenario and counts each kind of result', () => {
    const results = [
      { scenario: 'a', ...at, verdict: passed },
      { scenario: 'b', ...at, verdict: failed },
      { scenario: 'c', ...at, verdict: inconclusive },
      { scenario: 'd', ...at, error: new Error('gone') },
    ];
    const lines = summaryText(results, noPaint).split('\n');
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
});

describe('colours', () => {
  it('are for terminals, unless NO_COLOR or TERM=dumb says no or FORCE_COLOR says yes', () => {
    const green = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv) =>
      paintFor(stream, env).green('x') !== 'x';
    expect(green({ isTTY: true }, {})).toBe(true);
    expect(green({}, {})).toBe(false);
    expect(green({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(green({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(green({}, { FORCE_COLOR: '1' })).toBe(true);
  });
});
