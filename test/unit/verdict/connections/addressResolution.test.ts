import { describe, expect, it } from 'vitest';
import type { CapturedNeighbour, PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue, healthy, incomplete } from '../dialogue.js';
import { phaseOf, rejectRule, withNode } from '../evidence.js';
import { addresses, flat, macs, routed } from '../network.js';

const message = (part: Partial<CapturedNeighbour>): CapturedNeighbour => ({
  time: 91,
  sourceMac: macs.client,
  destinationMac: 'ff:ff:ff:ff:ff:ff',
  family: 'ipv4',
  asks: undefined,
  claims: undefined,
  ...part,
});
const asks = (sourceMac: string, address: string) => message({ sourceMac, asks: address });
const claims = (sourceMac: string, address: string) => message({ sourceMac, claims: address });

/** The phase with these messages in one node's capture. */
function heardBy(
  phase: PhaseEvidence,
  name: string,
  neighbours: readonly CapturedNeighbour[],
): PhaseEvidence {
  const capture = phase.nodes.find((node) => node.name === name)?.capture;
  if (capture === undefined) throw new Error(`${name} has no capture`);
  return withNode(phase, name, { capture: { ...capture, neighbours } });
}

const drop = { ...rejectRule, rule: '-A INPUT -j DROP', packets: 3 };

describe('a next hop that nobody answers for', () => {
  const silent = (): PhaseEvidence =>
    phaseOf([incomplete(new Dialogue(40_000), false, 'EHOSTUNREACH')], { director: { rules: [drop] } });
  const question = asks(macs.client, flat.vip);

  it('leaves the client unreachable without a SYN, and the rule is named', () => {
    const phase = heardBy(heardBy(silent(), 'client', [question, question]), 'director', [
      question,
      question,
    ]);
    expect(findingOf(phase)).toMatchObject({
      outcome: 'unreachable',
      unsound: [],
      connections: [
        {
          because:
            'Client gone, realserver1 gone: the client asked 2 times who has 10.0.0.9, and nobody answered; 2 of its questions reached the director, where `-A INPUT -j DROP` counted 3 packets; so no SYN was sent (EHOSTUNREACH).',
        },
      ],
    });
  });

  it('is not to blame when it answered, or when nobody asked', () => {
    const answered = heardBy(silent(), 'client', [question, claims(macs.director, flat.vip)]);
    for (const phase of [answered, silent()]) {
      expect(findingOf(phase)).toMatchObject({ outcome: undefined });
      expect(findingOf(phase).unsound).not.toEqual([]);
    }
  });

  it("is found where the client's own rules drop its answers", () => {
    const answered = heardBy(silent(), 'client', [question, claims(macs.director, flat.vip)]);
    const [fate] = findingOf(withNode(answered, 'client', { rules: [drop] })).connections;
    expect(fate).toMatchObject({ fate: 'unreachable' });
    expect(fate?.because).toContain('did not take the answer, where `-A INPUT -j DROP` counted 3 packets');
  });

  it('may be the router’s: the SYN is not lost on the way', () => {
    const lost = phaseOf([
      incomplete(new Dialogue(40_000, routed).client('S', { seq: 1000 }, 'router'), false),
    ]);
    expect(findingOf(lost).unsound).not.toEqual([]);
    const inVain = heardBy(lost, 'router', [asks(macs.routerLan, routed.vip)]);
    const finding = findingOf(inVain);
    expect(finding).toMatchObject({ outcome: 'unreachable', unsound: [] });
    expect(finding.connections[0]?.because).toContain('the router asked once who has 10.0.0.9');
  });

  it('may be the director’s: IPVS took the SYN and found no realserver', () => {
    const stopped = phaseOf([incomplete(new Dialogue(40_000).client('S', { seq: 1000 }, 'director'), false)]);
    expect(findingOf(stopped).unsound).not.toEqual([]);
    const finding = findingOf(heardBy(stopped, 'director', [asks(macs.director, flat.realserver1)]));
    expect(finding).toMatchObject({ outcome: 'unreachable', unsound: [] });
    expect(finding.connections[0]?.because).toContain('the director asked once who has 10.0.0.4');
  });
});

describe('realservers that answer for the VIP', () => {
  const two = (): PhaseEvidence => phaseOf([healthy(40_000), healthy(40_001)]);

  it('make healthy connections bypassed, also those that chance sent to the director', () => {
    const finding = findingOf(heardBy(two(), 'client', [claims(macs.realserver1, flat.vip)]));
    expect(finding).toMatchObject({ outcome: 'bypassed', unsound: [], numbers: { fates: { bypassed: 2 } } });
    expect(finding.connections[0]?.because).toContain('to the director by chance, for realserver1 says');
  });

  it('are not those that claim their own addresses, nor a second director', () => {
    const own = [claims(macs.realserver1, addresses.realserver1), claims(macs.director2, flat.vip)];
    const phase = heardBy(phaseOf([healthy(40_000)], { directors: 2 }), 'client', own);
    expect(findingOf(phase).outcome).toBe('healthy');
  });

  it('get SYNs that no director has seen, and nobody else is blamed', () => {
    const capture = two().nodes[0]!.capture!;
    const segments = capture.segments.map((segment) =>
      segment.destinationMac === macs.director ? { ...segment, destinationMac: macs.realserver1 } : segment,
    );
    const past = withNode(two(), 'client', {
      capture: { ...capture, segments, neighbours: [claims(macs.realserver1, flat.vip)] },
    });
    // Nor need its capture have anything at all, which in a run through it would be a capture that did not work.
    const nothing = { capture: { ...capture, segments: [] } };
    expect(findingOf(withNode(two(), 'director', nothing)).unsound).not.toEqual([]);
    const unseen = withNode(past, 'director', nothing);
    const finding = findingOf(unseen);
    expect(finding).toMatchObject({ outcome: 'bypassed', unsound: [] });
    expect(finding.connections[0]?.because).toContain(
      'its SYN went to realserver1, which says that the VIP is its own: the director had no part in it',
    );
  });
});
