import { describe, expect, it } from 'vitest';
import { noPaint, paintFor } from '../../../src/report/colour.js';
import { scenarioText } from '../../../src/report/verdict.js';
import { LabError } from '../../../src/support/errors.js';
import type { PhaseFinding } from '../../../src/verdict/types.js';
import { blocked, failed, healthy, inconclusive, passed, resultWith } from './samples.js';

describe('the result of a scenario', () => {
  it('gives expected and seen, the reasons, every number and the evidence', () => {
    const text = scenarioText(resultWith({ verdict: passed }), noPaint);
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
        '  evidence: runs/r/x',
        '',
      ].join('\n'),
    );
  });

  it('says none where there is nothing to count', () => {
    const verdict = { ...passed, measured: healthy };
    const text = scenarioText(resultWith({ verdict }), noPaint);
    expect(text).toContain('  ICMP errors: none\n');
    expect(text).toContain('  packets rejected or dropped by a rule: none\n');
    expect(text).toContain('saw healthy\n');
  });

  it('says how long clients waited, where any got that far', () => {
    const waited = scenarioText(resultWith({ verdict: { ...passed, measured: healthy } }), noPaint);
    expect(waited).toContain(
      '  time the client waited: connect() median 1.2 ms, longest 1.0 s; first byte of the reply median 23 ms, longest 1.1 s\n',
    );
    expect(scenarioText(resultWith({ verdict: passed }), noPaint)).not.toContain('time the client waited');
  });

  it('is headed by the name of the job, so that repeats can be told apart', () => {
    const again = scenarioText(resultWith({ verdict: passed }, { repeat: 2 }), noPaint);
    expect(again).toMatch(/^PASS {2}close\/server-first#2: /);
  });

  it('names a router that answered, and no signal of clients without a port', () => {
    const routed = { ...blocked, signal: { kind: 'icmp', type: 3, code: 1, from: 'router' } as const };
    const saw = (measured: PhaseFinding) =>
      scenarioText(resultWith({ verdict: { ...passed, measured } }), noPaint).split('\n')[0];
    expect(saw(routed)).toMatch(/saw close-blocked with ICMP 3\/1 \(host-unreachable\) from router$/);
    const exhausted = { ...blocked, outcome: 'ports-exhausted', signal: { kind: 'silence' } } as const;
    expect(saw(exhausted)).toMatch(/saw ports-exhausted$/);
    expect(saw({ ...exhausted, outcome: 'unreachable' })).toMatch(/saw unreachable with silence$/);
  });

  it('calls a failed verdict FAIL', () => {
    const text = scenarioText(resultWith({ verdict: failed }, { scenario: failed.scenario }), noPaint);
    expect(text).toMatch(
      /^FAIL {2}close\/server-first-fixed: expected healthy, saw close-blocked with ICMP 3\/10/,
    );
  });

  it('says why it is inconclusive, and what is wrong with the control', () => {
    const text = scenarioText(resultWith({ verdict: inconclusive }), noPaint);
    expect(text).toMatch(/^INCONCLUSIVE {2}close\/server-first: .*, saw nothing: the phase never ran\n/);
    expect(text).toContain('  - the control run was not healthy\n');
    expect(text).toContain(
      '  control without rules: no single outcome; all 10 connections healthy; 3 connections are unexplained\n',
    );
  });

  it('shows the error of a broken lab, and still where the evidence is', () => {
    const error = new LabError('the guest kernel panicked', { details: 'Kernel panic - not syncing' });
    const text = scenarioText(resultWith({ error }, { scenario: 'a/b' }), noPaint);
    expect(text).toBe(
      [
        'BROKE  a/b: the lab broke after 41.3 s',
        '',
        '  error: the guest kernel panicked',
        '      Kernel panic - not syncing',
        '',
        '  evidence: runs/r/x',
        '',
      ].join('\n'),
    );
  });

  it('spells out signals other than ICMP', () => {
    const reset = { ...blocked, signal: { kind: 'tcp-reset', from: 'unknown' } as const };
    const text = scenarioText(resultWith({ verdict: { ...passed, measured: reset } }), noPaint);
    expect(text).toContain('saw close-blocked with TCP reset from unknown\n');
    const silent = { ...blocked, signal: { kind: 'silence' } as const };
    expect(scenarioText(resultWith({ verdict: { ...passed, measured: silent } }), noPaint)).toContain(
      'saw close-blocked with silence\n',
    );
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
