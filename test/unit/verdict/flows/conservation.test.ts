import { describe, expect, it } from 'vitest';
import type { FlowEvidence } from '../../../../src/evidence/model/flowTypes.js';
import type { NodeEvidence, PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue, conversation, healthy, incomplete, silent, story } from '../dialogue.js';
import { phaseOf, rejectRule, withNode } from '../evidence.js';
import { macs, routed } from '../network.js';
import { closingSegments, healthyWithFlows, opened, storyWithFlows, type Change } from './flows.js';

const flowsOf = (phase: PhaseEvidence) => findingOf(phase).numbers.flows;
const doubtsOf = (phase: PhaseEvidence) => findingOf(phase).unsound.join('\n');
/** Their segments that the director's capture has on the way to it. */
function witnessesArrived({ nodes }: PhaseEvidence): number {
  const segments = nodes.find(({ name }) => name === 'director')?.capture?.segments ?? [];
  const isWitness = (port: number): boolean => port >= 40_000;
  return segments.filter(({ sourceMac, sourcePort }) => sourceMac === macs.client && isWitness(sourcePort))
    .length;
}

const counting = (packets: number) => ({ rules: [{ ...rejectRule, packets }] });

describe('the balance of closing segments', () => {
  it('is even when the director turned all of them away, and its rule counted them', () => {
    const phase = storyWithFlows();
    expect(flowsOf(phase)?.closingSegments).toEqual({
      sent: opened,
      arrived: opened,
      forwarded: 0,
      turnedAway: opened,
      lostOnLinks: 0,
      missing: 0,
    });
    expect(doubtsOf(phase)).toBe('');
  });

  it('is even when the director forwarded all of them', () => {
    const phase = healthyWithFlows();
    expect(flowsOf(phase)?.closingSegments).toMatchObject({ arrived: opened, forwarded: opened, missing: 0 });
    expect(doubtsOf(phase)).toBe('');
  });

  it('misses what the rule did not count, less what it counted for the witnesses', () => {
    const phase = storyWithFlows({ director: counting(opened) });
    expect(flowsOf(phase)?.closingSegments).toMatchObject({ turnedAway: opened - 4, missing: 4 });
  });

  it('takes all that a witness lost at the director for its own, not only its FIN', () => {
    const witness = silent(40_000).client('.', { seq: 1101, ack: 5202 }, 'director');
    const missing = (packets: number) =>
      flowsOf(storyWithFlows({ witnesses: [witness], director: counting(packets) }))?.closingSegments
        ?.missing;
    expect(missing(opened + 3)).toBe(0);
    expect(missing(opened + 2)).toBe(1);
  });

  it('believes rules that do not count', () => {
    const rule = { family: 'inet', table: 'lab', chain: 'in', rule: 'ct state invalid drop' };
    const phase = storyWithFlows({ director: { rules: [{ ...rule, packets: undefined }] } });
    expect(flowsOf(phase)?.closingSegments).toMatchObject({ turnedAway: opened, missing: 0 });
    expect(doubtsOf(phase)).toBe('');
  });

  it('may miss one in a thousand, and no more', () => {
    const arriving = (count: number) =>
      storyWithFlows({ segments: closingSegments(count, { reach: 'director' }) });
    expect(doubtsOf(arriving(opened - 4))).toBe('');
    expect(doubtsOf(arriving(opened - 5))).toBe(
      `5 of the flows' ${opened} closing segments are missing, more than 0.1 %: the directors' captures have ${opened - 5} of them arriving and 0 being forwarded, and ${opened - 5} were counted as rejected or dropped. No hop counted a loss.`,
    );
  });

  it('names the capture that lost packets', () => {
    const phase = storyWithFlows({
      segments: closingSegments(opened - 5, { reach: 'director' }),
      flows: { captureDrops: { client: 0, director: 5 } },
    });
    expect(doubtsOf(phase)).toMatch(/Losses that were counted: The capture on director lost 5 packets\.$/);
  });

  it('counts what IPVS forwards in a tunnel, and not what merely passes by', () => {
    const tunnelled = closingSegments(opened, { reach: 'realserver' }).map((segment, index) =>
      index % 2 === 0 ? segment : { ...segment, tunnelled: true },
    );
    expect(flowsOf(healthyWithFlows({ segments: tunnelled }))?.closingSegments).toMatchObject({
      arrived: opened,
      forwarded: opened,
    });
    const passing = closingSegments(opened, { reach: 'director' }).map((segment) => ({
      ...segment,
      destinationMac: '02:00:00:00:00:99',
    }));
    expect(flowsOf(storyWithFlows({ segments: passing }))?.closingSegments).toMatchObject({ arrived: 0 });
  });

  it('leaves out segments of the servers, and those that close nothing', () => {
    const reversed = closingSegments(9, { reach: 'director' }).map((segment) => ({
      ...segment,
      source: segment.destination,
      sourcePort: segment.destinationPort,
      destination: segment.source,
      destinationPort: segment.sourcePort,
    }));
    const more = [...reversed, ...closingSegments(9, { reach: 'director', text: '.' })];
    const segments = [...closingSegments(opened, { reach: 'director' }), ...more];
    expect(flowsOf(storyWithFlows({ segments }))?.closingSegments?.arrived).toBe(opened);
  });

  it('has what a router before the director turned away', () => {
    const witnesses = [healthy(40_000, routed)];
    const phase = healthyWithFlows({ witnesses, segments: [], fates: { closing: opened } });
    const refused = withNode(phase, 'router', counting(opened));
    expect(flowsOf(refused)?.closingSegments).toMatchObject({ arrived: 0, turnedAway: opened, missing: 0 });
    expect(doubtsOf(refused)).toBe('');
    expect(flowsOf(withNode(phase, 'router', counting(opened - 5)))?.closingSegments?.missing).toBe(5);
    expect(flowsOf(phase)?.closingSegments).toMatchObject({ turnedAway: 0, missing: opened });
  });

  it('has what links lost on the way, and no more than they lost', () => {
    const segments = closingSegments(opened - 100, { reach: 'realserver' });
    const balance = (queueDrops: FlowEvidence['queueDrops']) =>
      flowsOf(healthyWithFlows({ segments, flows: { queueDrops } }))?.closingSegments;
    expect(balance({ client: { eth0: 70 }, router: { eth1: 30 } })).toMatchObject({
      lostOnLinks: 100,
      missing: 0,
    });
    expect(balance({ client: { eth0: 900 } })).toMatchObject({ lostOnLinks: 100, missing: 0 });
    expect(balance({ client: { eth0: 60 } })).toMatchObject({ lostOnLinks: 60, missing: 40 });
    // Nothing of the client's passes there.
    expect(balance({ router: { eth0: 900 }, realserver1: { eth0: 900 } })).toMatchObject({ missing: 100 });
  });

  it('has what the link behind the director lost of what it forwarded', () => {
    const stopped = closingSegments(100, { reach: 'director' });
    const segments = [...stopped, ...closingSegments(opened - 100, { reach: 'realserver', first: 100 })];
    const balance = (queueDrops: FlowEvidence['queueDrops']) =>
      flowsOf(healthyWithFlows({ segments, flows: { queueDrops } }))?.closingSegments;
    expect(balance({ director: { eth0: 100 } })).toMatchObject({ lostOnLinks: 100, missing: 0 });
    expect(balance({ client: { eth0: 100 } })).toMatchObject({ lostOnLinks: 0, missing: 100 });
  });

  it('sums over two directors', () => {
    const half = opened / 2;
    const phase = storyWithFlows({
      segments: closingSegments(half, { reach: 'director' }),
      director: counting(half + 4),
    });
    const director = phase.nodes.find(({ name }) => name === 'director');
    if (director === undefined) throw new Error('expected a director');
    const moved = closingSegments(half, { reach: 'director', first: half });
    const segments = moved.map((segment) => ({ ...segment, destinationMac: macs.director2 }));
    const second = (packets: number): NodeEvidence => ({
      ...director,
      ...counting(packets),
      name: 'director2',
      macs: [macs.director2],
      capture: { segments, icmp: [], neighbours: [], other: {}, truncated: false },
    });
    const both = (packets: number) => ({ ...phase, nodes: [...phase.nodes, second(packets)] });
    expect(flowsOf(both(half))?.closingSegments).toMatchObject({ arrived: opened, turnedAway: opened });
    expect(flowsOf(both(half - 5))?.closingSegments?.missing).toBe(5);
  });

  it('is not drawn up where IPVS drops without a word what has no destination any more', () => {
    const removed = storyWithFlows({ director: { rules: [], ipvsDestinations: ['10.0.0.5'] } });
    expect(flowsOf(removed)).toMatchObject({ closingSegments: undefined, unexplained: 0 });
    const there = storyWithFlows({ director: { rules: [], ipvsDestinations: ['10.0.0.4'] } });
    expect(flowsOf(there)).toMatchObject({ closingSegments: { missing: opened }, unexplained: opened });
  });

  it('is not drawn up where a director serves connections itself', () => {
    const phase = storyWithFlows();
    expect(flowsOf({ ...phase, serving: [...phase.serving, 'director'] })?.closingSegments).toBeUndefined();
  });
});

describe('the balance of packets that IPVS counted', () => {
  /** The agent sent 20,000; witnesses send five each up to their FIN, and that twice; the rule counted the FINs of all. */
  const through = (packets: number, change: Change = {}) =>
    storyWithFlows({ flows: { ipvsStats: { director: { connections: opened + 2, packets } } }, ...change });
  const arrived = 5 * opened + witnessesArrived(storyWithFlows());

  it('is even when what IPVS did not count was rejected', () => {
    const phase = through(arrived - opened - 4);
    const even = {
      sent: arrived,
      passed: arrived - opened - 4,
      turnedAway: opened + 4,
      lostOnLinks: 0,
      missing: 0,
    };
    expect(flowsOf(phase)?.ipvsPackets).toEqual(even);
    expect(doubtsOf(phase)).toBe('');
  });

  it('may miss one in a thousand, and no more', () => {
    expect(doubtsOf(through(arrived - opened - 4 - 20))).toBe('');
    expect(doubtsOf(through(arrived - opened - 4 - 25))).toBe(
      `25 of the clients' ${arrived} packets are missing, more than 0.1 %: IPVS counted ${arrived - opened - 29} of them, and ${opened + 4} were counted as rejected or dropped. No hop counted a loss.`,
    );
  });

  it('has what links lost before IPVS, and says so', () => {
    const packets = arrived - opened - 4 - 60;
    const lossy = (lost: number) =>
      storyWithFlows({
        flows: {
          ipvsStats: { director: { connections: opened + 2, packets } },
          queueDrops: { client: { eth0: lost }, director: { eth0: 900 } },
        },
      });
    expect(flowsOf(lossy(60))?.ipvsPackets).toMatchObject({ lostOnLinks: 60, missing: 0 });
    expect(doubtsOf(lossy(60))).toBe('');
    expect(doubtsOf(lossy(20))).toContain(
      `${opened + 4} were counted as rejected or dropped, 20 as lost on links.`,
    );
  });

  it('believes rules that do not count', () => {
    const rule = {
      family: 'inet',
      table: 'lab',
      chain: 'in',
      rule: 'ct state invalid drop',
      packets: undefined,
    };
    const phase = through(arrived - opened - 500, { director: { rules: [rule] } });
    expect(flowsOf(phase)?.ipvsPackets).toMatchObject({ turnedAway: opened + 500, missing: 0 });
  });

  it('is not drawn up without counters of every director', () => {
    expect(flowsOf(storyWithFlows())?.ipvsPackets).toBeUndefined();
  });
});

describe('flows that nothing explains', () => {
  it('are none when links lost as many packets as flows are stuck, and some when they lost fewer', () => {
    const unexplained = (lost: number) =>
      flowsOf(
        healthyWithFlows({ fates: { transfer: 50 }, flows: { queueDrops: { realserver1: { eth0: lost } } } }),
      )?.unexplained;
    expect(unexplained(50)).toBe(0);
    expect(unexplained(20)).toBe(30);
  });

  it('are none when each stuck flow has a packet that was counted somewhere', () => {
    expect(flowsOf(storyWithFlows())?.unexplained).toBe(0);
    const atServer = withNode(storyWithFlows({ director: { rules: [] } }), 'realserver1', {
      ...counting(opened),
    });
    expect(flowsOf(atServer)?.unexplained).toBe(0);
  });

  it('are the stuck ones beyond what was counted', () => {
    expect(flowsOf(storyWithFlows({ director: counting(opened + 4 - 7) }))?.unexplained).toBe(7);
    const without = storyWithFlows({ director: { rules: [] } });
    expect(flowsOf(without)?.unexplained).toBe(opened);
    expect(doubtsOf(without)).toContain(
      `${opened} of ${opened} flows are unexplained, more than 0.1 %: ${opened} are stuck without a packet that was counted as rejected or dropped. No hop counted a loss.`,
    );
  });

  it("are not accounted for by witnesses' packets, wherever those were turned away", () => {
    // Both FINs were forwarded, and rejected by the realserver.
    const witness = conversation(40_000)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 })
      .client('F.', { seq: 1101, ack: 5202 });
    witness.clientState = 'LAST-ACK';
    witness.realserverState = 'FIN-WAIT-2';
    const phase = healthyWithFlows({ witnesses: [witness], fates: { closing: opened } });
    const counted = (packets: number) =>
      flowsOf(withNode(phase, 'realserver1', counting(packets)))?.unexplained;
    expect(counted(opened + 2)).toBe(0);
    expect(counted(opened)).toBe(2);
    const early = conversation(40_000, routed)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 }, 'router');
    early.clientState = 'LAST-ACK';
    early.realserverState = 'FIN-WAIT-2';
    const atRouter = healthyWithFlows({ witnesses: [early], segments: [], fates: { closing: opened } });
    expect(flowsOf(withNode(atRouter, 'router', counting(opened + 1)))?.unexplained).toBe(0);
    expect(flowsOf(withNode(atRouter, 'router', counting(opened)))?.unexplained).toBe(1);
  });

  it('are not accounted for by what the client counts', () => {
    const phase = withNode(storyWithFlows({ director: { rules: [] } }), 'client', counting(opened));
    expect(flowsOf(phase)?.unexplained).toBe(opened);
  });

  it('are those that were not over, whatever was counted', () => {
    const unfinished = (count: number) =>
      healthyWithFlows({ fates: { unfinished: count }, director: counting(opened) });
    expect(flowsOf(unfinished(5))?.unexplained).toBe(5);
    expect(doubtsOf(unfinished(5))).toMatch(/^5 of 4000 flows are unexplained.* 5 were not over when/);
    expect(doubtsOf(unfinished(4))).toBe('');
  });
});

describe('witnesses beside flows', () => {
  it('need packets that were counted beside those of the flows', () => {
    // As many packets as flows: none is left that was a witness's.
    const phase = storyWithFlows({ director: counting(opened) });
    expect(doubtsOf(phase)).toMatch(
      /2 connections ended at the director, .* only 4000 packets .*, and 4000 closing segments of flows ended there too/,
    );
    expect(doubtsOf(storyWithFlows({ director: counting(opened + 2) }))).toBe('');
  });

  it('are judged as without flows', () => {
    const alone = findingOf(phaseOf([story(40_000), story(40_001)], { director: counting(20) }));
    const { outcome, signal, connections, numbers } = findingOf(storyWithFlows());
    expect({ outcome, signal, connections }).toEqual({
      outcome: alone.outcome,
      signal: alone.signal,
      connections: alone.connections,
    });
    expect({ ...numbers, flows: undefined, rejected: alone.numbers.rejected }).toEqual(alone.numbers);
  });

  it('are not explained by segments that a realserver sent again, for they may be of flows', () => {
    const kept = incomplete(new Dialogue(40_000), true)
      .client('S', { seq: 1000 })
      .server('S.', { seq: 5000, ack: 1001 })
      .client('P.', { seq: 1001, ack: 5001, payload: 100 })
      .server('.', { seq: 5001, ack: 1101 });
    kept.clientState = 'ESTAB';
    kept.realserverState = 'ESTAB';
    const counters = { TcpRetransSegs: 6 };
    const beside = withNode(healthyWithFlows({ witnesses: [kept] }), 'realserver1', { counters });
    expect(findingOf(beside).connections[0]?.fate).toBe('unexplained');
    expect(findingOf({ ...beside, flows: undefined }).connections[0]?.fate).toBe('transfer-blocked');
  });

  it('are not blamed for closing segments that the capture has arriving only', () => {
    const change: Change = { segments: closingSegments(opened, { reach: 'director' }) };
    expect(doubtsOf(healthyWithFlows({ ...change, witnesses: [healthy(40_000)] }))).not.toMatch(
      /connections ended at the director/,
    );
    expect(doubtsOf(healthyWithFlows({ ...change, witnesses: [silent(40_000)] }))).toMatch(
      /1 connections ended at the director/,
    );
  });
});
