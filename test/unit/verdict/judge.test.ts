import { describe, expect, it } from 'vitest';
import type { PhaseEvidence } from '../../../src/evidence/model/evidence.js';
import type { Expectation } from '../../../src/scenario/model/expectation.js';
import { judge } from '../../../src/verdict/judge.js';
import { Dialogue, captureOf, healthy, incomplete, resetBlocked, resetHealthy, story } from './dialogue.js';
import { evidenceOf, phaseOf, rejectRule, withNode } from './evidence.js';

const blockedByIcmp: Expectation = {
  outcome: 'close-blocked',
  signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
};
const expectHealthy: Expectation = { outcome: 'healthy', signal: undefined };
const rejecting = { director: { rules: [rejectRule] } };
const storyPhase = () => phaseOf([story(40_000), story(40_001)], rejecting);
const healthyPhase = () => phaseOf([healthy(40_000), healthy(40_001)]);

describe('judge', () => {
  it('passes the story: sockets stuck, ICMP host-prohibited from the director', () => {
    const verdict = judge(blockedByIcmp, evidenceOf(storyPhase()));
    expect(verdict.result).toBe('pass');
    expect(verdict.reasons[0]).toBe(
      'Expected close-blocked with ICMP 3/10 (host-prohibited) from director; found close-blocked with ICMP 3/10 (host-prohibited) from director (all 2 connections close-blocked).',
    );
    expect(verdict.measured?.connections[0]).toMatchObject({
      client: '10.0.0.2:40000',
      realserver: 'realserver1',
      fate: 'close-blocked',
      clientState: 'LAST-ACK',
      realserverState: 'FIN-WAIT-2',
      ipvsState: 'ESTABLISHED',
      because:
        "Client LAST-ACK, realserver1 FIN-WAIT-2: the client's FIN was never acknowledged; the FIN reached the director and went no further; answered with ICMP 3/10 (host-prohibited) from the director.",
    });
  });

  it('does not judge where rules name what the lab does not have, and says so', () => {
    const evidence = evidenceOf(healthyPhase());
    expect(judge(expectHealthy, { ...evidence, unmatched: [] }).result).toBe('pass');
    const sentence = "line 12, column 5: the lab's director has no interface `bond0`";
    const verdict = judge(expectHealthy, { ...evidence, unmatched: [sentence] });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons[0]).toBe(`Rules may do otherwise on a site that has what they name; ${sentence}.`);
    expect(verdict.reasons.at(-1)).toContain('unmatched: accept');
    const many = judge(expectHealthy, { ...evidence, unmatched: Array.from({ length: 9 }, () => sentence) });
    expect(many.reasons).toHaveLength(7);
    expect(many.reasons[5]).toContain('4 more');
  });

  it('fails the story when its connections closed after all', () => {
    const verdict = judge(blockedByIcmp, evidenceOf(healthyPhase()));
    expect(verdict.result).toBe('fail');
    expect(verdict.reasons[0]).toContain('found healthy (all 2 connections healthy)');
  });

  it('passes fixed rules, and fails them when the story shows', () => {
    expect(judge(expectHealthy, evidenceOf(healthyPhase())).result).toBe('pass');
    expect(judge(expectHealthy, evidenceOf(storyPhase())).result).toBe('fail');
  });

  it('passes a rejected RST, and fails it when the RST came through', () => {
    const blocked = phaseOf([resetBlocked(40_000)], rejecting);
    expect(judge(blockedByIcmp, evidenceOf(blocked)).result).toBe('pass');
    expect(judge(blockedByIcmp, evidenceOf(phaseOf([resetHealthy(40_000)]))).result).toBe('fail');
  });

  it.each([
    ['another code', { kind: 'icmp', type: 3, code: 13, from: 'director' }],
    ['another type', { kind: 'icmp', type: 11, code: 10, from: 'director' }],
    ['another sender', { kind: 'icmp', type: 3, code: 10, from: 'realserver' }],
    ['a reset', { kind: 'tcp-reset', from: 'director' }],
    ['silence', { kind: 'silence' }],
  ] as const)('fails the story where %s was expected', (_, signal) => {
    const verdict = judge({ outcome: 'close-blocked', signal }, evidenceOf(storyPhase()));
    expect(verdict.result).toBe('fail');
  });

  it('takes any signal when none is named', () => {
    const anySignal: Expectation = { outcome: 'close-blocked', signal: undefined };
    expect(judge(anySignal, evidenceOf(storyPhase())).result).toBe('pass');
  });

  describe('where connections of one run fare differently', () => {
    const mixed = () => phaseOf([healthy(40_000), healthy(40_001), story(40_002)], rejecting);

    it('calls the phase blocked, says how many are, and passes for no outcome that not all of them have', () => {
      const verdict = judge(blockedByIcmp, evidenceOf(mixed()));
      expect(verdict.measured?.outcome).toBe('close-blocked');
      expect(verdict.result).toBe('fail');
      expect(verdict.reasons.slice(0, 2)).toEqual([
        expect.stringContaining('(2 of 3 connections healthy, 1 close-blocked)'),
        'Expected all 3 connections close-blocked, found 1 of 3.',
      ]);
      expect(judge(expectHealthy, evidenceOf(mixed())).result).toBe('fail');
      expect(judge(blockedByIcmp, evidenceOf(storyPhase())).result).toBe('pass');
    });

    it.each([
      ['pass', { atLeast: 1 }],
      ['pass', { atLeast: 1, atMost: 1 }],
      ['pass', { atMost: 2 }],
      ['fail', { atLeast: 2 }],
      ['fail', { atMost: 0 }],
    ] as const)('comes to %s where %o may be blocked', (result, connections) => {
      expect(judge({ ...blockedByIcmp, connections }, evidenceOf(mixed())).result).toBe(result);
    });

    it('takes as many healthy ones as the scenario asks for', () => {
      const within = (connections: Expectation['connections']) =>
        judge({ ...expectHealthy, connections }, evidenceOf(mixed()));
      expect(within({ atLeast: 2 }).result).toBe('pass');
      expect(within({ atLeast: 3 })).toMatchObject({
        result: 'fail',
        reasons: expect.arrayContaining([
          'Expected at least 3 of 3 connections healthy, found 2 of 3.',
        ]) as string[],
      });
    });

    it('passes for no outcome that no connection has', () => {
      const none = judge({ ...blockedByIcmp, connections: { atMost: 2 } }, evidenceOf(healthyPhase()));
      expect(none.result).toBe('fail');
    });
  });

  it('gives the numbers behind the verdict', () => {
    const { measured } = judge(blockedByIcmp, evidenceOf(storyPhase()));
    expect(measured?.numbers).toEqual({
      connections: 2,
      fates: { 'close-blocked': 2 },
      sockets: { client: { 'LAST-ACK': 2 }, realserver1: { 'FIN-WAIT-2': 2 } },
      icmp: [{ type: 3, code: 10, from: 'director', quoting: 'F.', count: 2 }],
      rejected: [{ node: 'director', rule: rejectRule.rule, packets: 20 }],
      taken: [],
      uncounted: [],
      counters: [],
      takeovers: [],
      ipvs: { ESTABLISHED: 2 },
      closingSegments: { fin: 4, rst: 0 },
      connect: { median: 0.01, max: 0.01 },
      connectOnWire: { median: 0, max: 0 },
      firstByte: { median: 0.02, max: 0.02 },
    });
  });

  it('knows what IPVS had at the end only from a whole listing of each director', () => {
    const numbers = (
      end: PhaseEvidence['ipvs'][number]['end'],
      connections = storyPhase().ipvs[0]?.connections,
    ) => {
      const ipvs = storyPhase().ipvs.map((sample) => ({ ...sample, connections: connections ?? [], end }));
      const { measured } = judge(blockedByIcmp, evidenceOf({ ...storyPhase(), ipvs }));
      return [measured?.numbers.ipvs, measured?.numbers.ipvsUnknown];
    };
    expect(numbers({ doubt: undefined })).toEqual([{ ESTABLISHED: 2 }, undefined]);
    expect(numbers({ doubt: undefined }, [])).toEqual([{}, undefined]);
    expect(numbers({ doubt: 'it changed' }, [])).toEqual([{}, 'it changed (director)']);
    expect(numbers(undefined)).toEqual([
      { ESTABLISHED: 2 },
      "there is no listing from the end of director's table",
    ]);
  });

  it('leaves sockets and ICMP of other connections out of the numbers', () => {
    const phase = storyPhase();
    const half = {
      ...phase,
      load: phase.load && { ...phase.load, connections: phase.load.connections.slice(1) },
    };
    const numbers = judge(blockedByIcmp, evidenceOf(half)).measured?.numbers;
    expect(numbers).toMatchObject({ sockets: { client: { 'LAST-ACK': 1 } }, ipvs: { ESTABLISHED: 1 } });
    expect(numbers?.icmp[0]?.count).toBe(1);
  });
});

describe('judge, about the time that connect() took', () => {
  /** By the program's clock, and by the client's capture. */
  const taking = (seconds: readonly number[], onWire = seconds) =>
    phaseOf(
      seconds.map((connectSeconds, index) => {
        const dialogue = healthy(40_000 + index);
        dialogue.connection = { ...dialogue.connection, openedAt: 95, connectSeconds };
        const { client } = dialogue.captures;
        client.segments = client.segments.map((segment) =>
          segment.flags.syn && !segment.flags.ack
            ? { ...segment, time: segment.time - onWire[index]! }
            : segment,
        );
        return dialogue;
      }),
    );
  const slow = taking([0.01, 1.02, 1.03]);
  const within = (connect: Expectation['connect']) => judge({ ...expectHealthy, connect }, evidenceOf(slow));

  it('compares the median with both bounds', () => {
    expect(within({ atLeast: 0.9, atMost: 1.025 }).result).toBe('pass');
    expect(within({ atLeast: 1.03 })).toMatchObject({
      result: 'fail',
      reasons: expect.arrayContaining([
        'connect() took 1.02 s (median), less than the 1.03 s expected.',
      ]) as string[],
    });
    expect(within({ atMost: 1 }).reasons).toContain(
      'connect() took 1.02 s (median), more than the 1 s expected.',
    );
  });

  it('decides nothing where the program was late and its capture says something else', () => {
    const late = taking([1.2, 1.3, 1.4], [0.0005, 0.0005, 0.3]);
    const judged = (connect: Expectation['connect']) =>
      judge({ ...expectHealthy, connect }, evidenceOf(late));
    expect(judged({ atMost: 0.9 })).toMatchObject({
      result: 'inconclusive',
      reasons: [expect.stringMatching(/^connect\(\) took 1\.3 s .* only .*`--lanes 1`/)],
    });
    expect(judged({ atLeast: 0.9 }).result).toBe('inconclusive');
    expect(judged({ atMost: 2 }).result).toBe('pass');
    expect(judged({ atLeast: 2 }).result).toBe('fail');
  });

  it('counts what a client waited for its port, which no capture shows', () => {
    const waited = (portWaitSeconds: number | undefined) => {
      const phase = taking([3.3, 3.3], [0.001, 0.001]);
      const connections = phase.load!.connections.map((each) => ({ ...each, portWaitSeconds }));
      const evidence = evidenceOf({ ...phase, load: { ...phase.load!, connections } });
      return judge({ ...expectHealthy, connect: { atLeast: 0.9 } }, evidence).result;
    };
    expect([waited(3.2), waited(undefined), waited(0)]).toEqual(['pass', 'pass', 'inconclusive']);
  });

  it('gives median and maximum among the numbers', () => {
    expect(within(undefined).measured?.numbers.connect).toEqual({ median: 1.02, max: 1.03 });
  });

  it('fails when no connect() succeeded', () => {
    const never = incomplete(new Dialogue(40_000).client('S', { seq: 1000 }, 'director'), false);
    const phase = phaseOf([never], rejecting);
    const expectation: Expectation = { outcome: 'unreachable', signal: undefined };
    expect(judge(expectation, evidenceOf(phase)).result).toBe('pass');
    expect(judge({ ...expectation, connect: { atMost: 9 } }, evidenceOf(phase)).result).toBe('fail');
  });
});

describe('judge, about the control', () => {
  it('is inconclusive without a control run', () => {
    const verdict = judge(blockedByIcmp, { ...evidenceOf(storyPhase()), control: undefined });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join()).toContain('no control run');
  });

  it('is inconclusive when the control was blocked too, and names what else may interfere', () => {
    const control = phaseOf([story(39_000)], { ...rejecting, phase: 'control' });
    const verdict = judge(blockedByIcmp, { ...evidenceOf(storyPhase()), control });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join()).toMatch(/control run.*close-blocked.*br_netfilter/);
  });

  it('is inconclusive when a single connection of the control was blocked', () => {
    const control = phaseOf([healthy(39_000), healthy(39_001), story(39_002)], {
      ...rejecting,
      phase: 'control',
    });
    expect(judge(expectHealthy, { ...evidenceOf(healthyPhase()), control }).result).toBe('inconclusive');
  });

  it('is inconclusive when the control is not sound', () => {
    const control = { ...phaseOf([healthy(39_000)], { phase: 'control' }), settled: false };
    const verdict = judge(expectHealthy, { ...evidenceOf(healthyPhase()), control });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons[0]).toMatch(/^Control run: /);
  });
});

describe('judge, about unsound evidence', () => {
  const story1 = storyPhase();
  const [first] = story1.load?.connections ?? [];
  const cases = [
    ['the measured run never took place', undefined, /never took place/],
    ['the load never ran', { ...story1, load: undefined }, /load never ran/],
    [
      'fewer connections were made than asked for',
      { ...story1, load: story1.load && { ...story1.load, requested: 3 } },
      /was to make 3 connections and made 2 before its time was up: raise `deadlines.drive`/,
    ],
    ['no connections were made', phaseOf([]), /made no connections/],
    [
      'two connections cannot be told apart',
      {
        ...story1,
        load: story1.load && first && { ...story1.load, connections: [first, first] },
      },
      /cannot be told apart/,
    ],
    ['the sockets had not settled', { ...story1, settled: false }, /still changing/],
    [
      'a file is missing',
      { ...story1, problems: ['measured/director.pcap: the file is missing.'] },
      /measured\/director\.pcap/,
    ],
    ['the client has no samples', withNode(story1, 'client', { samples: [] }), /client has no sample/],
    [
      'the realserver was last sampled before the end of the load',
      withNode(story1, 'realserver1', { samples: [{ time: 99, until: 99, sockets: [] }] }),
      /realserver1 has no sample/,
    ],
    [
      'the director has no capture',
      withNode(story1, 'director', { capture: undefined }),
      /director has no capture/,
    ],
    [
      'the client captured nothing',
      withNode(story1, 'client', {
        capture: { segments: [], icmp: [], neighbours: [], other: {}, truncated: false },
      }),
      /client has no TCP segment/,
    ],
    [
      'a realserver threw sockets away',
      withNode(story1, 'realserver1', { counters: { TcpExtTCPTimeWaitOverflow: 5 } }),
      /TCPTimeWaitOverflow is 5.*tcp_max_tw_buckets/,
    ],
    [
      'a node is missing',
      { ...story1, nodes: story1.nodes.filter(({ role }) => role !== 'realserver') },
      /no evidence of realserver1, which serves/,
    ],
    [
      'no rule counted what ended at the director',
      withNode(story1, 'director', { rules: [{ ...rejectRule, packets: 1 }] }),
      /2 connections ended at the director.*only 1/,
    ],
  ] as const;

  it.each(cases)('is inconclusive when %s', (_, phase, message) => {
    const verdict = judge(blockedByIcmp, evidenceOf(phase));
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join('\n')).toMatch(message);
  });

  it('is conclusive when none of that is so', () => {
    expect(judge(blockedByIcmp, evidenceOf(story1))).toMatchObject({
      result: 'pass',
      measured: { unsound: [] },
    });
  });

  it('accepts a policy of DROP whose packets iptables-nft does not count', () => {
    const policy = { ...rejectRule, rule: '-P INPUT DROP', packets: undefined };
    const dropped = withNode(story1, 'director', { rules: [policy] });
    expect(judge(blockedByIcmp, evidenceOf(dropped)).result).toBe('pass');
    const accepted = withNode(story1, 'director', { rules: [{ ...policy, rule: '-P INPUT ACCEPT' }] });
    expect(judge(blockedByIcmp, evidenceOf(accepted)).result).toBe('inconclusive');
  });

  it('notices FINs that left the client and never reached the director', () => {
    const onTheWay = withNode(story1, 'director', {
      capture: captureOf([healthy(1)], 'director'),
    });
    const verdict = judge(blockedByIcmp, evidenceOf(onTheWay));
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join()).toMatch(/2 connections left the client.*40000.*FIN/);
  });

  it('notices a client that sends past the director, to a realserver or to a stranger', () => {
    const phase = healthyPhase();
    const capture = phase.nodes[0]?.capture;
    if (capture === undefined) throw new Error('expected a capture');
    const sentTo = (destinationMac: string) => {
      const segments = capture.segments.map((segment) =>
        segment.flags.syn && !segment.flags.ack ? { ...segment, destinationMac } : segment,
      );
      return judge(
        expectHealthy,
        evidenceOf(withNode(phase, 'client', { capture: { ...capture, segments } })),
      );
    };
    expect(sentTo('02:00:00:00:00:04')).toMatchObject({ result: 'fail', measured: { outcome: 'bypassed' } });
    const stranger = sentTo('02:00:00:00:00:99');
    expect(stranger.result).toBe('inconclusive');
    expect(stranger.reasons.join()).toMatch(/SYNs for the VIP to 02:00:00:00:00:99/);
  });
});
