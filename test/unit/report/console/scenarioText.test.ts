import { describe, expect, it } from 'vitest';
import { noPaint, paintFor } from '../../../../src/report/text/colour.js';
import { scenarioText } from '../../../../src/report/console/scenarioText.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import { LabError } from '../../../../src/support/errors.js';
import type { FlowNumbers, PhaseFinding, PhaseNumbers } from '../../../../src/verdict/model/verdict.js';
import { blocked, blockedFlows, failed, healthy, inconclusive, passed, resultWith } from '../samples.js';

describe('the result of a scenario', () => {
  it('gives expected and seen, the reasons, every number and the evidence', () => {
    const text = scenarioText(resultWith({ verdict: passed }), noPaint);
    expect(text).toBe(
      [
        'PASS  close/server-first: bug seen, as expected: expected close-blocked with ICMP 3/10 (host-prohibited) from director, saw close-blocked with ICMP 3/10 (host-prohibited) from director',
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

  it('explains each different fate of the connections, with how many had it', () => {
    const fate = {
      client: '198.18.0.2:1',
      realserver: 'realserver1',
      fate: 'close-blocked',
      clientState: 'LAST-ACK',
      realserverState: 'FIN-WAIT-2',
      ipvsState: 'ESTABLISHED',
      because: 'Client LAST-ACK, realserver1 FIN-WAIT-2: the FIN left the client.',
    } as const;
    const connections = [fate, { ...fate, client: '198.18.0.2:2' }];
    const text = scenarioText(
      resultWith({ verdict: { ...passed, measured: { ...blocked, connections } } }),
      noPaint,
    );
    expect(text).toContain(
      '\n  - 2 connections close-blocked: Client LAST-ACK, realserver1 FIN-WAIT-2: the FIN left the client.\n\n  all 10',
    );
  });

  it('says none where there is nothing to count', () => {
    const verdict = { ...passed, measured: healthy };
    const text = scenarioText(resultWith({ verdict }), noPaint);
    expect(text).toContain('  ICMP errors: none\n');
    expect(text).toContain('  packets rejected or dropped by a rule: none\n');
    expect(text).toContain('saw healthy\n');
  });

  it('says no IPVS connections only where a whole listing had none', () => {
    const withIpvs = (ipvs: PhaseNumbers['ipvs'], ipvsUnknown?: string) => {
      const measured = { ...blocked, numbers: { ...blocked.numbers, ipvs, ipvsUnknown } };
      return scenarioText(resultWith({ verdict: { ...passed, measured } }), noPaint);
    };
    expect(withIpvs({})).toContain('  IPVS connections: none\n');
    expect(withIpvs({}, 'nobody looked')).toContain('  IPVS connections: unknown, because nobody looked\n');
    expect(withIpvs({ CLOSE: 4 }, 'nobody looked')).toMatch(
      /CLOSE +4\n {2}there may be more: nobody looked\n/,
    );
  });

  it('says how long clients waited, where any got that far', () => {
    const waited = scenarioText(resultWith({ verdict: { ...passed, measured: healthy } }), noPaint);
    expect(waited).toContain(
      '  time the client waited: connect() median 1.2 ms, longest 1.0 s; first byte of the reply median 23 ms, longest 1.1 s\n',
    );
    expect(scenarioText(resultWith({ verdict: passed }), noPaint)).not.toContain('time the client waited');
  });

  it('tells of an event that began late', () => {
    const lateEvents = [{ what: 'new rules on director', asked: 2, begun: 4.25 }];
    const measured = { ...healthy, numbers: { ...healthy.numbers, lateEvents } };
    expect(scenarioText(resultWith({ verdict: { ...passed, measured } }), noPaint)).toMatch(
      /late event: `new rules on director` began 4\.\d+ s after all connections were open, and was asked for at 2\.0 s\n/,
    );
    expect(scenarioText(resultWith({ verdict: { ...passed, measured: healthy } }), noPaint)).not.toContain(
      'late',
    );
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
    const silent = (outcome: 'ports-exhausted' | 'unreachable', count = 10): PhaseFinding => {
      const numbers = {
        ...blocked.numbers,
        connections: 10,
        fates: { [outcome]: count, healthy: 10 - count },
      };
      return { ...blocked, outcome, signal: { kind: 'silence' }, numbers };
    };
    expect(saw(silent('ports-exhausted'))).toMatch(/saw ports-exhausted$/);
    expect(saw(silent('unreachable'))).toMatch(/saw unreachable with silence$/);
    expect(saw(silent('unreachable', 4))).toMatch(/saw unreachable with silence in 4 of 10 connections$/);
    // Of evidence that may lack the answers silence is not said.
    const cut = { ...silent('unreachable', 4), unsound: ['The capture was cut.'] };
    expect(saw(cut)).toMatch(/saw unreachable, no answer seen in 4 of 10 connections$/);
  });

  it('calls a failed verdict FAIL', () => {
    const text = scenarioText(resultWith({ verdict: failed }, { scenario: failed.scenario }), noPaint);
    expect(text).toMatch(
      /^FAIL {2}close\/server-first-fixed: bug seen, expected healthy: expected healthy, saw close-blocked with ICMP 3\/10/,
    );
  });

  it('says why it is inconclusive, and what is wrong with the control', () => {
    const text = scenarioText(resultWith({ verdict: inconclusive }), noPaint);
    expect(text).toMatch(
      /^INCONCLUSIVE {2}close\/server-first: .*, saw nothing: the phase never ran, or cannot be read\n/,
    );
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

  it('says that the file was refused, and where, and does not blame the lab for it', () => {
    const error = new RulesError('mine.yaml:9:5: no such match', { hint: 'correct the file' });
    const text = scenarioText(resultWith({ error }, { scenario: 'a/b' }), noPaint);
    expect(text).toBe(
      [
        'REFUSED  a/b: the file was refused, for what it loads is not taken',
        '',
        '  error: mine.yaml:9:5: no such match',
        '    hint: correct the file',
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

describe('the result of a scenario with flows', () => {
  const measuredWith = (flows: Partial<FlowNumbers>, finding = blocked): PhaseFinding => ({
    ...finding,
    numbers: { ...finding.numbers, flows: { ...blockedFlows, ...flows } },
  });
  const textOf = (flows: Partial<FlowNumbers> = {}, finding = blocked) =>
    scenarioText(resultWith({ verdict: { ...passed, measured: measuredWith(flows, finding) } }), noPaint);

  it('gives their numbers after those of the connections', () => {
    const [, text] = textOf().split('  closing segments at the director: 60 FIN, 0 RST\n\n');
    expect(text).toBe(
      [
        '  flows: 40000 opened, 798 a second of 800 asked for; close-blocked (39889 of 40000 flows stuck in closing, 90 closed, 11 unfinished, 4 reset, 3 refused, 2 held open, 1 stuck in opening)',
        '  40000 opened = 90 closed + 39889 stuck + 4 reset + 3 refused + 2 held + 12 unexplained',
        '',
        '  most sockets of flows at once  realserver1  realserver2',
        '  ESTAB                                   31            0',
        '  FIN-WAIT-2                           20010        19979',
        '',
        '  most IPVS entries of flows at once  entries',
        '  ESTABLISHED                           40000',
        '  memory of the IPVS table: 12.2 MiB',
        '',
        "  the control run's flows are among these sockets and entries for as long as the nodes remember them",
        '',
        '  time that flows took     flows  p50     p90    p99     p99.9   longest',
        '  connect                  40000  1.2 ms  10 ms  50 ms   200 ms  1.1 s',
        '  first byte of the reply  39999  3.1 ms  20 ms  250 ms  900 ms  2.0 s',
        '',
        '  packets of flows: 200000 sent (2000 of them again, 42000 FIN, 0 RST), 120000 received',
        '  ICMP errors for flows        messages',
        '  ICMP 3/10 (host-prohibited)        45',
        '',
        '  closing segments of flows: sent 42000 = arrived 42000 = forwarded 0 + turned away 42000 + missing 0',
        '  packets of all clients: sent 200060 = counted by IPVS 158000 + turned away 42060 + missing 0',
        '',
        '  packets and sockets lost: none counted',
        '',
        '  control without rules: healthy; all 10 connections healthy',
        '  evidence: runs/r/x',
        '',
      ].join('\n'),
    );
  });

  it('says where there is nothing to tell', () => {
    const latencies = { connect: undefined, firstByte: undefined, close: undefined };
    const traffic = { ...blockedFlows.traffic, icmp: {} };
    const nothing = { peaks: {}, ipvs: {}, ipvsBytes: undefined, latencies, traffic };
    const text = textOf({ ...nothing, closingSegments: undefined, ipvsPackets: undefined });
    expect(text).toContain('  most sockets of flows at once: none\n');
    expect(text).toContain('  most IPVS entries of flows at once: none\n\n');
    expect(text).toContain('  time that flows took: none got that far\n');
    expect(text).toContain('  ICMP errors for flows: none\n');
    expect(text).toContain('  closing segments of flows: not followed, for');
    expect(text).not.toContain('packets of all clients');
  });

  it('lists losses, and ICMP errors that were held back', () => {
    const text = textOf({ losses: ['One.', 'Two.'], icmpLimits: ['Three.'] });
    expect(text).toContain('  packets and sockets lost:\n  - One.\n  - Two.\n');
    expect(text).toContain('  ICMP errors held back:\n  - Three.\n');
    expect(textOf()).not.toContain('held back');
  });

  it('does not call what arrived all that was sent when it is not', () => {
    const closingSegments = {
      sent: 100,
      arrived: 90,
      forwarded: 60,
      turnedAway: 30,
      lostOnLinks: 0,
      missing: 10,
    };
    expect(textOf({ closingSegments })).toContain(
      '  closing segments of flows: sent 100 = forwarded 60 + turned away 30 + missing 10; arrived 90\n',
    );
  });

  it('has what links lost in the balances', () => {
    const closingSegments = { sent: 9, arrived: 9, forwarded: 5, turnedAway: 0, lostOnLinks: 3, missing: 1 };
    const ipvsPackets = { sent: 90, passed: 88, turnedAway: 0, lostOnLinks: 2, missing: 0 };
    const text = textOf({ closingSegments, ipvsPackets });
    expect(text).toContain('forwarded 5 + turned away 0 + lost on links 3 + missing 1\n');
    expect(text).toContain('counted by IPVS 88 + turned away 0 + lost on links 2 + missing 0\n');
  });

  it('has the outcome of flows in the headline where it is another', () => {
    const headline = (flows: Partial<FlowNumbers>, finding = blocked) =>
      textOf(flows, finding).split('\n')[0];
    expect(headline({})).toMatch(/saw close-blocked with ICMP 3\/10 \(host-prohibited\) from director$/);
    expect(headline({ outcome: 'unreachable' })).toMatch(/from director, flows unreachable$/);
    expect(headline({ outcome: undefined }, healthy)).toMatch(/saw healthy, flows of no single outcome$/);
  });

  it('says what is expected of flows where it is something else', () => {
    const expecting = (outcome: 'healthy' | 'close-blocked' | undefined) => {
      const flows = { outcome, shares: {}, sockets: {}, ipvs: {}, connect: undefined, firstByte: undefined };
      const expected = { ...failed.expected, flows };
      return scenarioText(resultWith({ verdict: { ...failed, expected } }), noPaint).split('\n')[0];
    };
    expect(expecting('close-blocked')).toContain(': expected healthy, flows close-blocked, saw ');
    expect(expecting('healthy')).toContain(': expected healthy, saw ');
    expect(expecting(undefined)).toContain(': expected healthy, saw ');
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
