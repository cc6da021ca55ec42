import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import { describe, expect, it } from 'vitest';
import type { FlowEvidence, FlowReport } from '../../../../src/evidence/model/flowTypes.js';
import type { PhaseEvidence, ScenarioEvidence } from '../../../../src/evidence/model/evidence.js';
import type { Expectation, FlowExpectation } from '../../../../src/scenario/model/expectation.js';
import { judge } from '../../../../src/verdict/judge.js';
import { healthy, story } from '../dialogue.js';
import { closingSegments, healthyWithFlows, opened, secondOf, reportOf, storyWithFlows } from './flows.js';

const blocked: Expectation = {
  outcome: 'close-blocked',
  signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
};
const expectHealthy: Expectation = { outcome: 'healthy', signal: undefined };
const bounds: FlowExpectation = {
  outcome: undefined,
  shares: {},
  sockets: {},
  ipvs: {},
  connect: undefined,
  firstByte: undefined,
};
const control = healthyWithFlows({ witnesses: [healthy(39_000)] }, 'control');
const evidence = (measured: PhaseEvidence): ScenarioEvidence => ({
  scenario: 'load/story',
  control,
  measured,
  problems: [],
});

describe('judge, about flows', () => {
  it('passes the story, and fails it when the flows closed', () => {
    const verdict = judge(blocked, evidence(storyWithFlows()));
    expect(verdict.result).toBe('pass');
    expect(verdict.reasons).toContain(
      'Flows: expected close-blocked; found close-blocked (all 4000 flows stuck in closing).',
    );
    const closed = storyWithFlows({
      fates: {},
      segments: closingSegments(opened, { reach: 'realserver' }),
      flows: { sockets: {} },
    });
    const failed = judge(blocked, evidence(closed));
    expect(failed.result).toBe('fail');
    expect(failed.reasons).toContain('Flows: expected close-blocked; found healthy (all 4000 flows closed).');
  });

  it('passes the fixed twin, and fails it when the flows are stuck', () => {
    expect(judge(expectHealthy, evidence(healthyWithFlows())).result).toBe('pass');
    const stuck = storyWithFlows({ witnesses: [healthy(40_000)] });
    const verdict = judge(expectHealthy, evidence(stuck));
    expect(verdict.result).toBe('fail');
    expect(verdict.reasons).toContain(
      'Flows: expected healthy; found close-blocked (all 4000 flows stuck in closing).',
    );
  });

  it('takes an outcome of their own', () => {
    const expected = { ...expectHealthy, flows: { ...bounds, outcome: 'close-blocked' } } as const;
    expect(judge(expected, evidence(storyWithFlows({ witnesses: [healthy(40_000)] }))).result).toBe('pass');
    expect(judge(expected, evidence(healthyWithFlows())).result).toBe('fail');
  });

  describe('where flows fare differently', () => {
    const mixed = (fates: Partial<Record<FlowFate, number>>) =>
      storyWithFlows({ fates: { closing: opened, ...fates }, flows: { sockets: {} } });
    const judged = (expected: Partial<Expectation>, phase: PhaseEvidence) => {
      const { result, reasons } = judge({ ...blocked, ...expected }, evidence(phase));
      return [result, ...reasons.slice(2, -1)];
    };
    const third = mixed({ closing: opened - 1000, closed: 1000 });
    const of = (share: FlowExpectation['share']) => ({ flows: { ...bounds, share } });

    it('wants all of them to have the outcome, but for one in a thousand', () => {
      expect(judged({}, mixed({ closing: opened - 4, closed: 4 }))).toEqual(['pass']);
      expect(judged({}, mixed({ closing: opened - 5, closed: 5 }))).toEqual([
        'fail',
        'Expected all 4000 flows close-blocked, found 3995 of 4000 (5 healthy).',
      ]);
      expect(judged({}, third)[0]).toBe('fail');
    });

    it('takes the share that the file gives', () => {
      expect(judged(of({ atLeast: 70, atMost: 80 }), third)).toEqual(['pass']);
      expect(judged(of({ atLeast: 80 }), third)).toEqual([
        'fail',
        'Expected at least 80 % of the flows close-blocked, found 3000 of 4000 (1000 healthy).',
      ]);
      expect(judged(of({ atMost: 70 }), third)[0]).toBe('fail');
      expect(judged(of({ atMost: 70 }), mixed({ closing: 0, data: opened }))[0]).toBe('fail');
    });

    it('wants of the flows that most have the outcome where the file bounds the connections alone', () => {
      const expected = { connections: { atLeast: 1 } };
      expect(judged(expected, third)).toEqual(['pass']);
      expect(judged(expected, mixed({ closing: 1000, data: opened - 1000 }))[0]).toBe('fail');
    });

    it('asks nothing of flows that were held open, where it is about closing, and else does', () => {
      const held = mixed({ closing: opened - 1000, held: 1000 });
      expect(judged({}, held)).toEqual(['pass']);
      expect(judged({ flows: { ...bounds, outcome: 'unreachable' } }, held)[0]).toBe('fail');
    });
  });

  it('still wants the witnesses to be as expected', () => {
    const verdict = judge(
      expectHealthy,
      evidence(
        healthyWithFlows({
          witnesses: [story(40_000)],
          director: {
            rules: storyWithFlows().nodes.find(({ name }) => name === 'director')?.rules ?? [],
          },
        }),
      ),
    );
    expect(verdict.result).toBe('fail');
  });

  it('says how many are closed for their client alone', () => {
    const report = { finsSent: 0, rstsSent: opened };
    const segments = closingSegments(opened, { reach: 'director', text: 'R' });
    const verdict = judge(blocked, evidence(storyWithFlows({ fates: {}, report, segments })));
    expect(verdict.reasons).toContain(
      'Flows: expected close-blocked; found close-blocked (all 4000 flows closed; 4000 of the closed are still open on a realserver).',
    );
  });

  it('is inconclusive when something is expected of flows and there were none', () => {
    const without = { ...healthyWithFlows(), flows: undefined };
    const expected = { ...expectHealthy, flows: bounds };
    expect(judge(expectHealthy, evidence(without)).result).toBe('pass');
    expect(judge(expected, evidence(without))).toMatchObject({
      result: 'inconclusive',
      reasons: ['Something is expected of flows, and there was no raw-socket load.'],
    });
  });

  it('is inconclusive when the flows of the control run were not healthy', () => {
    const run = (fates: Partial<FlowReport['fates']>) =>
      judge(expectHealthy, {
        ...evidence(healthyWithFlows()),
        control: healthyWithFlows({ fates, witnesses: [healthy(39_000)] }, 'control'),
      });
    expect(run({ refused: 4 }).result).toBe('pass');
    const verdict = run({ refused: 5 });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join()).toMatch(
      /control run.*not healthy: unreachable \(3995 of 4000 flows closed, 5 refused\)/,
    );
  });
});

describe('judge, about what is expected of flows', () => {
  const complaints = (flows: Partial<FlowExpectation>, phase = storyWithFlows()) => {
    const { result, reasons } = judge({ ...blocked, flows: { ...bounds, ...flows } }, evidence(phase));
    expect(result).toBe(reasons.length === 3 ? 'pass' : 'fail');
    return reasons.slice(2, -1);
  };

  it('compares shares of the flows opened with their bounds', () => {
    const phase = storyWithFlows({ fates: { closing: opened - 40, closed: 40 } });
    expect(complaints({ shares: { stuck: { atLeast: 99 }, closed: { atMost: 1 } } }, phase)).toEqual([]);
    expect(complaints({ shares: { stuck: { atLeast: 99.1 }, closed: { atMost: 0.9 } } }, phase)).toEqual([
      '3960 of 4000 flows were stuck, less than the 99.1 % expected.',
      '40 of 4000 flows were closed, more than the 0.9 % expected.',
    ]);
  });

  it('counts every way of being stuck', () => {
    const fates = { opening: 999, transfer: 1000, closing: 1001, data: 1000 };
    const phase = storyWithFlows({ fates });
    const share = { atLeast: 25 };
    expect(complaints({ share, shares: { stuck: { atLeast: 100 } } }, phase)).toEqual([]);
  });

  it('wants the sockets on each realserver', () => {
    expect(complaints({ sockets: { 'FIN-WAIT-2': { atLeast: opened } } })).toEqual([]);
    expect(complaints({ sockets: { 'FIN-WAIT-2': { atLeast: opened + 1 }, ESTAB: { atLeast: 1 } } })).toEqual(
      [
        'realserver1 had at most 4000 sockets of flows in FIN-WAIT-2 at one moment, less than the 4001 expected.',
        'realserver1 had at most 0 sockets of flows in ESTAB at one moment, less than the 1 expected.',
      ],
    );
    const two = storyWithFlows();
    const [, , first] = two.nodes;
    if (first === undefined) throw new Error('expected a realserver');
    const second = { ...first, name: 'realserver2', macs: ['02:00:00:00:00:05'], samples: first.samples };
    const both = {
      ...two,
      serving: ['realserver1', 'realserver2'],
      nodes: [...two.nodes, { ...second, samples: [{ time: 110, until: 110, sockets: [] }] }],
    };
    expect(complaints({ sockets: { 'FIN-WAIT-2': { atLeast: 4000 } } }, both)).toEqual([
      'realserver2 had at most 0 sockets of flows in FIN-WAIT-2 at one moment, less than the 4000 expected.',
    ]);
  });

  it('compares IPVS entries', () => {
    expect(complaints({ ipvs: { ESTABLISHED: { atLeast: opened, atMost: opened } } })).toEqual([]);
    expect(complaints({ ipvs: { ESTABLISHED: { atMost: 10 } } })).toEqual([
      'IPVS had at most 4000 entries of flows in ESTABLISHED at one moment, more than the 10 expected.',
    ]);
  });

  it('cannot tell whether bounds are met that fewer flows a second would miss in any case', () => {
    const at = (rate: number, flows: Partial<FlowExpectation>, phase: object = {}) =>
      judge(
        { ...blocked, flows: { ...bounds, ...flows } },
        evidence(storyWithFlows({ ...phase, flows: { asked: { count: opened, rate, ramp: 0 } } })),
      );
    const tooFew = { ipvs: { ESTABLISHED: { atLeast: opened + 1 } } };
    const tooLong = { connect: { atMost: 0.049 } };
    // Opened at 800 a second: nine tenths of 888, and not of 900.
    expect(at(888, tooFew).result).toBe('fail');
    expect(at(888, tooLong).result).toBe('fail');
    const { result, reasons } = at(900, { ...tooFew, ...tooLong });
    expect(result).toBe('inconclusive');
    expect(reasons).toEqual([
      expect.stringContaining('Expected close-blocked'),
      expect.stringContaining('Flows: expected close-blocked'),
      expect.stringContaining('IPVS had at most 4000'),
      expect.stringContaining('Flows took 50 ms to connect'),
      expect.stringMatching(
        /^Flows were opened at 800 a second, and the scenario asks for 900: .* too slow, or too busy/,
      ),
      'The control run without rules was healthy.',
    ]);
    expect(at(900, {}).result).toBe('pass');
  });

  it('fails at any rate for what fewer flows a second would not bring about', () => {
    const slow = (flows: Partial<FlowExpectation>, fates?: object) =>
      judge(
        { ...blocked, flows: { ...bounds, ...flows } },
        evidence(storyWithFlows({ ...fates, flows: { asked: { count: opened, rate: 900, ramp: 0 } } })),
      );
    expect(slow({ ipvs: { ESTABLISHED: { atMost: 10 } } }).result).toBe('fail');
    expect(slow({ firstByte: { atLeast: 0.251 } }).result).toBe('fail');
    // Beside what is certain, what is not changes nothing.
    const { result, reasons } = slow({
      shares: { closed: { atLeast: 1 } },
      ipvs: { ESTABLISHED: { atLeast: opened + 1 } },
    });
    expect(result).toBe('fail');
    expect(reasons).toContainEqual(expect.stringContaining('too slow, or too busy'));
  });

  it('compares the 99th percentile of times', () => {
    expect(complaints({ connect: { atMost: 0.05 }, firstByte: { atLeast: 0.25 } })).toEqual([]);
    expect(complaints({ connect: { atMost: 0.049 }, firstByte: { atLeast: 0.251 } })).toEqual([
      'Flows took 50 ms to connect (99th percentile), more than the 49 ms expected.',
      'Flows took 250 ms to the first byte of the reply (99th percentile), less than the 251 ms expected.',
    ]);
    const never = storyWithFlows({ report: { connect: undefined } });
    expect(complaints({ connect: { atMost: 9 } }, never)).toEqual([
      'No flow got as far as to connect, so there is no time to compare.',
    ]);
  });
});

describe('judge, about a raw load that went wrong', () => {
  const reasonsOf = (report: Partial<FlowReport>) =>
    judge(expectHealthy, evidence(healthyWithFlows({ report }))).reasons.join('\n');

  it.each<[Partial<FlowReport>, RegExp]>([
    [{ ended: 'deadline' }, /^The raw load agent ended by its own deadline, after 40 s/],
    [{ ended: 'orphaned' }, /^The raw load agent heard nothing of lvs-lab any more .* after 40 s/],
    [{ requested: opened + 1 }, /^The raw load was to open 4001 flows and opened 4000\.$/],
    [
      { fates: { ...reportOf({}).fates, closed: opened - 1 } },
      /^The raw load agent opened 4000 flows and accounts for 3999\.$/,
    ],
  ])('is inconclusive with %j', (report, sentence) => {
    const verdict = judge(expectHealthy, evidence(healthyWithFlows({ report })));
    expect(verdict.result).toBe('inconclusive');
    expect(reasonsOf(report)).toMatch(sentence);
  });

  it('is inconclusive without a report, and says what was last heard', () => {
    const without = (seconds: FlowEvidence['seconds']) =>
      judge(expectHealthy, evidence(healthyWithFlows({ flows: { report: undefined, seconds } })));
    expect(without([]).result).toBe('inconclusive');
    expect(without([]).reasons).toEqual(['The raw load agent came to no report; nothing was heard of it.']);
    const last = { ...secondOf(reportOf({}), 90), opened: 70, inProgress: 8 };
    expect(without([last]).reasons).toEqual([
      'The raw load agent came to no report; when it was last heard of, it had opened 70 flows, of which 8 were in progress.',
    ]);
  });
});
