import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import { describe, expect, it } from 'vitest';
import type { FlowReport, SocketTally } from '../../../../src/evidence/model/flowTypes.js';
import type { PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { healthy } from '../dialogue.js';
import { rejectRule, withNode } from '../evidence.js';
import { routed } from '../network.js';
import { closingSegments, healthyWithFlows, opened, secondOf, reportOf, storyWithFlows } from './flows.js';

const flowsOf = (phase: PhaseEvidence) => findingOf(phase).numbers.flows;
const tally = (states: Record<string, number>, time = 100): SocketTally => ({ time, states, sockstat: {} });
const withSockets = (...tallies: SocketTally[]) => ({ sockets: { realserver1: tallies } });

describe('the outcome of flows', () => {
  const outcomeOf = (fates: Partial<Record<FlowFate, number>>, report: Partial<FlowReport> = {}) =>
    flowsOf(healthyWithFlows({ fates, report }))?.outcome;

  it.each<[Partial<Record<FlowFate, number>>, string]>([
    [{}, 'healthy'],
    [{ held: opened }, 'healthy'],
    [{ closing: opened }, 'close-blocked'],
    [{ data: opened }, 'data-lost'],
    [{ transfer: opened }, 'transfer-blocked'],
    [{ opening: opened }, 'unreachable'],
    [{ refused: opened }, 'unreachable'],
  ])('of %j is %s', (fates, outcome) => {
    expect(outcomeOf(fates)).toBe(outcome);
  });

  it('is not known of flows that were not over', () => {
    expect(outcomeOf({ unfinished: opened })).toBeUndefined();
  });

  it('is healthy with one in a thousand blocked, and no more', () => {
    expect(outcomeOf({ closing: 3, opening: 1 })).toBe('healthy');
    expect(outcomeOf({ closing: 4, opening: 1 })).toBe('close-blocked');
    expect(outcomeOf({ closing: 2, unfinished: opened - 2 })).toBe('close-blocked');
  });

  it('is one of those that are counted', () => {
    const flows = flowsOf(
      healthyWithFlows({ fates: { closing: 100, opening: 101, refused: 9, unfinished: 7 } }),
    );
    expect(flows?.outcomes).toEqual({ healthy: opened - 217, 'close-blocked': 100, unreachable: 110 });
  });

  it('is what stopped most of them', () => {
    expect(outcomeOf({ closing: 100, opening: 101 })).toBe('unreachable');
    expect(outcomeOf({ closing: 101, opening: 100 })).toBe('close-blocked');
  });

  it('of reset flows depends on whether they were closing', () => {
    expect(outcomeOf({ reset: opened, closed: 0 }, { closing: opened })).toBe('close-blocked');
    expect(outcomeOf({ reset: opened, closed: 0 }, { closing: 0 })).toBe('transfer-blocked');
    // Those with a closing segment are closed or stuck behind their data, so the reset ones had none.
    expect(outcomeOf({ reset: 1500, data: 1500 }, { closing: opened - 1500 })).toBe('transfer-blocked');
    expect(outcomeOf({ reset: 1500, data: 1499 }, { closing: opened })).toBe('close-blocked');
  });

  it('is handshake-blocked where the realservers hold next to half-open sockets only', () => {
    const halfOpen = (states: Record<string, number>, fates: Partial<Record<FlowFate, number>>) =>
      flowsOf(healthyWithFlows({ fates, flows: withSockets(tally(states)) }))?.outcome;
    expect(halfOpen({ 'SYN-RECV': 500 }, { transfer: opened })).toBe('handshake-blocked');
    expect(halfOpen({ 'SYN-RECV': 500 }, { opening: opened })).toBe('handshake-blocked');
    // Those are the control run's.
    expect(halfOpen({ 'SYN-RECV': 500, 'TIME-WAIT': 900 }, { transfer: opened })).toBe('handshake-blocked');
    expect(halfOpen({ 'SYN-RECV': 500, ESTAB: 3000 }, { transfer: opened })).toBe('transfer-blocked');
    expect(halfOpen({ 'SYN-RECV': 500 }, { refused: opened })).toBe('unreachable');
  });
});

describe('flows that close by RST', () => {
  const byReset = { finsSent: 0, rstsSent: opened };
  const rsts = (reach: 'director' | 'realserver') => closingSegments(opened, { reach, text: 'R' });
  const gone = withSockets(tally({}));

  it('are healthy when the director forwarded it and no realserver holds on', () => {
    const phase = healthyWithFlows({ report: byReset, segments: rsts('realserver'), flows: gone });
    expect(flowsOf(phase)).toMatchObject({ outcome: 'healthy', leftOpen: 0 });
    expect(findingOf(phase).unsound).toEqual([]);
  });

  it('are close-blocked when it ended at the director', () => {
    const phase = storyWithFlows({ fates: {}, report: byReset, segments: rsts('director'), flows: gone });
    expect(flowsOf(phase)).toMatchObject({ outcome: 'close-blocked', leftOpen: opened });
    expect(findingOf(phase).unsound).toEqual([]);
  });

  it('are close-blocked when the realservers still have their sockets', () => {
    const held = (states: Record<string, number>) =>
      flowsOf(
        healthyWithFlows({
          report: byReset,
          segments: rsts('realserver'),
          flows: withSockets(tally(states)),
        }),
      );
    expect(held({ ESTAB: opened })).toMatchObject({ outcome: 'close-blocked', leftOpen: opened });
    expect(held({ ESTAB: 4 })).toMatchObject({ outcome: 'healthy', leftOpen: 4 });
    expect(held({ 'TIME-WAIT': opened })).toMatchObject({ outcome: 'healthy', leftOpen: 0 });
  });

  it('have as many sockets on the realservers as flows that are not over', () => {
    const report = reportOf({ held: 1000 });
    const held = (seconds: number[]) =>
      flowsOf(
        healthyWithFlows({
          fates: { held: 1000 },
          flows: {
            ...withSockets(tally({ ESTAB: 1000 })),
            // None was closed yet: that was said before the sockets were counted.
            seconds: seconds.map((at) => ({ ...secondOf(report, at), closed: at < 95 ? 0 : report.closed })),
          },
        }),
      )?.leftOpen;
    expect(held([90, 99])).toBe(0);
    expect(held([90])).toBe(0);
    const more = healthyWithFlows({ fates: { held: 1000 }, flows: withSockets(tally({ ESTAB: 1010 })) });
    expect(flowsOf(more)?.leftOpen).toBe(10);
    const refused = { held: 1000, refused: 500 };
    const fewer = healthyWithFlows({ fates: refused, flows: withSockets(tally({ ESTAB: 1010 })) });
    expect(flowsOf(fewer)?.leftOpen).toBe(10);
  });

  it('may have been closed after the sockets were counted', () => {
    const report = reportOf({ held: 1000 });
    const seconds = (early: number) => [
      { ...secondOf(report, 99), closed: early },
      { ...secondOf(report, 101), closed: 3000 },
    ];
    const left = (early: number) =>
      flowsOf(
        healthyWithFlows({
          fates: { held: 1000 },
          flows: { ...withSockets(tally({ ESTAB: 1500 })), seconds: seconds(early) },
        }),
      )?.leftOpen;
    expect(left(2000)).toBe(0);
    expect(left(2600)).toBe(100);
  });

  it('are close-blocked when it ended at a router before the director', () => {
    const phase = healthyWithFlows({
      witnesses: [healthy(40_000, routed)],
      report: byReset,
      segments: [],
      flows: gone,
    });
    const refused = withNode(phase, 'router', { rules: [{ ...rejectRule, packets: opened }] });
    expect(flowsOf(refused)).toMatchObject({ outcome: 'close-blocked', leftOpen: opened });
    expect(findingOf(refused).unsound).toEqual([]);
  });

  it('cannot be judged without a count of sockets from after the flows were opened', () => {
    const counted = (time: number, report: Partial<FlowReport>) =>
      findingOf(
        healthyWithFlows({ report, segments: rsts('realserver'), flows: withSockets(tally({}, time)) }),
      ).unsound.join();
    expect(counted(90, byReset)).toBe('');
    expect(counted(89, byReset)).toMatch(/^realserver1 has no count of the flows' sockets/);
    expect(counted(89, { finsSent: opened })).toBe('');
  });
});

describe('the numbers of flows', () => {
  it('have the highest count of each state on each node that serves, and of the fullest director', () => {
    const flows = {
      sockets: {
        realserver1: [tally({ ESTAB: 9, 'FIN-WAIT-2': 1 }, 99), tally({ ESTAB: 2, 'FIN-WAIT-2': 7 })],
        client: [tally({ ESTAB: 1 })],
      },
      ipvs: {
        director: [
          { time: 99, states: { ESTABLISHED: 5 }, bytes: 700 },
          { time: 100, states: { ESTABLISHED: 3, FIN_WAIT: 2 }, bytes: 500 },
        ],
        director2: [{ time: 100, states: { ESTABLISHED: 4, FIN_WAIT: 6 }, bytes: undefined }],
      },
    };
    expect(flowsOf(healthyWithFlows({ flows }))).toMatchObject({
      peaks: { realserver1: { ESTAB: 9, 'FIN-WAIT-2': 7 } },
      ipvs: { ESTABLISHED: 5, FIN_WAIT: 6 },
      ipvsBytes: 700,
    });
    expect(Object.keys(flowsOf(healthyWithFlows({ flows }))?.peaks ?? {})).toEqual(['realserver1']);
  });

  it('have the rate of opening, over the time that it took', () => {
    expect(flowsOf(healthyWithFlows())?.openedPerSecond).toBe(opened / 5);
    expect(flowsOf(healthyWithFlows({ report: { openedAt: undefined } }))?.openedPerSecond).toBe(opened / 40);
  });

  it('have the rate that was asked for, half of it while it grows', () => {
    const asked = (count: number, ramp: number) =>
      flowsOf(healthyWithFlows({ flows: { asked: { count, rate: 800, ramp } } }))?.askedPerSecond;
    expect(asked(4000, 0)).toBe(800);
    expect(asked(4000, 2)).toBeCloseTo(4000 / 6);
    expect(asked(800, 2)).toBeCloseTo(400);
    expect(asked(200, 2)).toBeCloseTo(200);
  });

  it('are none where there was no raw-socket load', () => {
    expect(flowsOf({ ...healthyWithFlows(), flows: undefined })).toBeUndefined();
  });
});
