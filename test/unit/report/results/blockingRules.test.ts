import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { culpritLines, culpritTables, traceTable } from '../../../../src/report/results/blockingRules.js';
import { junitText } from '../../../../src/report/files/junit.js';
import { ktapText } from '../../../../src/report/files/ktap.js';
import { annotationLines } from '../../../../src/report/files/annotations.js';
import type { PhaseNumbers, TraceFinding } from '../../../../src/verdict/model/verdict.js';
import { blocked, blockedNumbers, failed, resultWith } from '../samples.js';

const rule = 'inet f input: ct state invalid drop';
const trace: TraceFinding = {
  connections: 4,
  lost: 1,
  untilDrop: true,
  nodes: ['director'],
  culprits: [{ node: 'director', rule, packet: 'TCP FIN,ACK', packets: 8 }],
  problems: [],
};
const numbers = (part: Partial<PhaseNumbers>): PhaseNumbers => ({ ...blockedNumbers, rejected: [], ...part });
const text = (part: Partial<PhaseNumbers>) => culpritTables(numbers(part), noPaint).join('\n\n');

describe('who turned packets away', () => {
  it('is nobody only where every rule counts', () => {
    expect(text({})).toBe('  packets rejected or dropped by a rule: none');
    const uncounted = text({ uncounted: [{ node: 'director', rule }] });
    expect(uncounted).toContain('packets rejected or dropped by a rule: none counted\n');
    expect(uncounted).toMatch(/^ {2}inet f input: ct state invalid drop +director$/m);
  });

  it('is cut where it is long, and says by how much', () => {
    const many = Array.from({ length: 15 }, (_, index) => ({ node: 'director', rule: `r${String(index)}` }));
    expect(text({ uncounted: many })).toMatch(/r11 .*\n {2}and 3 more, in verdict.json$/);
    expect(text({ uncounted: many.slice(0, 12) })).not.toContain('more');
  });

  it('may be told by a rule that gave packets another way, or by a counter of the kernel', () => {
    const shown = text({
      taken: [{ node: 'director', rule: '-A PREROUTING -j REDIRECT', packets: 4 }],
      counters: [{ node: 'realserver1', counter: 'TcpExtIPReversePathFilter', increment: 20 }],
    });
    expect(shown).toMatch(/^ {2}-A PREROUTING -j REDIRECT +director +4$/m);
    expect(shown).toMatch(/^ {2}TcpExtIPReversePathFilter +realserver1 +20$/m);
  });

  it('says of a takeover whether the new director knew, and whether it could', () => {
    const takeover = {
      from: 'director',
      to: 'director2',
      connections: 4,
      known: 0,
      unknown: 4,
      syncPackets: 0,
    };
    expect(text({ takeovers: [takeover] })).toContain(
      'director2 took over 4 connections from director: its IPVS never had an entry of 4 of them; no packet of connection sync (8848/udp) reached it',
    );
    expect(text({ takeovers: [{ ...takeover, known: 4, unknown: 0, syncPackets: 1 }] })).toContain(
      'its IPVS knew 4 of them already; 1 packet of connection sync',
    );
  });
});

describe('what a trace says', () => {
  it('is a table of rules, and what may be missing', () => {
    const shown = traceTable({ ...trace, problems: ['it was cut'] }, noPaint);
    expect(shown).toMatch(/inet f input: ct state invalid drop +director +TCP FIN,ACK +8$/m);
    expect(shown).toContain('\n  - the trace is not whole: it was cut');
  });

  it('is how many connections were seen to lose packets, not how many were made, and where it ended', () => {
    const [head] = traceTable(trace, noPaint).split('\n');
    expect(head).toBe(
      '  of 4 connections made after the measured ones and traced on director, 1 lost packets; the trace ended when the load was over and a packet had been dropped, so later ones are not in it:',
    );
    expect(traceTable(trace, noPaint)).not.toContain('4 connections lost');
    const whole = traceTable({ ...trace, lost: 4, untilDrop: false }, noPaint);
    expect(whole).toContain('on director, 4 lost packets:\n');
    // Earlier versions did not count them.
    expect(traceTable({ ...trace, lost: undefined, untilDrop: undefined }, noPaint)).toContain(
      'traced on director show which rules turn packets away:\n',
    );
  });

  it('is said too when no rule turned a packet away', () => {
    expect(traceTable({ ...trace, culprits: [] }, noPaint)).toBe(
      '  4 connections made after the measured ones and traced on director: no rule there turned a packet away',
    );
  });

  it('is in JUnit, KTAP and annotations', () => {
    const measured = { ...blocked, numbers: numbers({ uncounted: [{ node: 'director', rule }] }) };
    const verdict = { ...failed, measured, trace };
    const ended = { version: '1', results: [resultWith({ verdict })], exitCode: 1 } as const;
    const [uncounted, ...byTrace] = culpritLines(verdict);
    expect(uncounted).toBe(`on director a rule does not count what it turns away: ${rule}`);
    expect(byTrace.at(-1)).toBe(`by the trace, 8 packets (TCP FIN,ACK) turned away on director by: ${rule}`);
    for (const report of [junitText(ended), ktapText(ended), annotationLines(ended, undefined).join()]) {
      expect(report).toContain(uncounted);
      expect(report).toContain(byTrace.at(-1));
    }
  });
});
