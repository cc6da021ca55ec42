import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../src/verdict/finding.js';
import { Dialogue, conversation, healthy, incomplete, resetHealthy, silent, story } from './dialogue.js';
import { phaseOf, rejectRule, withNode } from './evidence.js';
import { flat, flat6, macs, nat, routed, tunnel } from './network.js';

const rejecting = { director: { rules: [rejectRule] } };
const networks = [
  ['DR', flat],
  ['DR over IPv6', flat6],
  ['TUN', tunnel],
  ['DR behind a router', routed],
  ['NAT', nat],
] as const;

describe.each(networks)('a phase with %s', (_, network) => {
  it('is healthy when every connection closed', () => {
    const finding = findingOf(phaseOf([healthy(40_000, network), healthy(40_001, network)]));
    expect(finding).toMatchObject({ outcome: 'healthy', unsound: [] });
    expect(finding.connections[0]).toMatchObject({ realserver: 'realserver1', ipvsState: 'FIN_WAIT' });
  });

  it('is close-blocked by the director when it refused the FINs', () => {
    const finding = findingOf(phaseOf([story(40_000, network), story(40_001, network)], rejecting));
    expect(finding).toMatchObject({
      outcome: 'close-blocked',
      signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      unsound: [],
      numbers: { sockets: { client: { 'LAST-ACK': 2 }, realserver1: { 'FIN-WAIT-2': 2 } } },
    });
    expect(finding.connections[0]?.because).toContain('the FIN reached the director and went no further');
  });

  it('says when the director forwarded the FIN and the realserver refused it', () => {
    const dialogue = conversation(40_000, network)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 })
      .refuse('F.', 'realserver1');
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'FIN-WAIT-2';
    const finding = findingOf(phaseOf([dialogue]));
    expect(finding.signal).toMatchObject({ kind: 'icmp', from: 'realserver' });
    expect(finding.connections[0]?.because).toContain('the director forwarded the FIN');
    expect(finding.unsound).toEqual([]);
  });

  it.each(['director', 'realserver1'] as const)('tells that a reset is from %s', (from) => {
    const dialogue = silent(40_000, network).server('R', { seq: 5202 }, from);
    dialogue.clientState = 'gone';
    const { signal } = findingOf(phaseOf([dialogue], rejecting));
    expect(signal).toEqual({ kind: 'tcp-reset', from: from === 'director' ? 'director' : 'realserver' });
  });
});

describe('a phase behind a router', () => {
  /** The router stops the client's FIN. */
  const stopped = (localPort: number): Dialogue => {
    const dialogue = conversation(localPort, routed)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 }, 'client')
      .client('F.', { seq: 1101, ack: 5202 }, 'client');
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'FIN-WAIT-2';
    return dialogue;
  };
  const counting = { rules: [{ ...rejectRule, chain: 'FORWARD', packets: 4 }] };

  it('names the router when it refused, by ICMP or by a reset', () => {
    const byIcmp = withNode(phaseOf([stopped(40_000).refuse('F.', 'router')]), 'router', counting);
    expect(findingOf(byIcmp)).toMatchObject({ signal: { kind: 'icmp', from: 'router' }, unsound: [] });
    const reset = stopped(40_000).server('R', { seq: 5202 }, 'router');
    reset.clientState = 'gone';
    const byReset = withNode(phaseOf([reset]), 'router', counting);
    expect(findingOf(byReset)).toMatchObject({ signal: { kind: 'tcp-reset', from: 'router' }, unsound: [] });
  });

  it('is not refused by a director that passes on to a realserver what the router says of its reply', () => {
    const passing = stopped(40_000);
    const { icmp } = passing.refuse('P.', 'director').captures.director;
    const [passed] = icmp.splice(0);
    passing.captures.client.icmp.splice(0);
    passing.captures.router.icmp.splice(0);
    icmp.push({ ...passed!, sourceMac: macs.director, destinationMac: macs.realserver1 });
    passing.refuse('F.', 'router');
    expect(findingOf(withNode(phaseOf([passing]), 'router', counting)).signal).toMatchObject({
      from: 'router',
    });
    // The same to the client's side is the director's own.
    icmp[0] = { ...icmp[0]!, destinationMac: macs.routerLan };
    expect(findingOf(withNode(phaseOf([passing]), 'router', counting)).signal).toMatchObject({
      from: 'director',
    });
  });

  it('does not know the sender without the captures that show who handed it on', () => {
    const blind = withNode(phaseOf([stopped(40_000).refuse('F.', 'router')]), 'router', {
      capture: undefined,
    });
    const { signal, unsound } = findingOf(blind);
    expect(signal).toMatchObject({ from: 'unknown' });
    expect(unsound.join()).toContain('router has no capture');
  });

  it('is sound only when the router counts what ended there', () => {
    const phase = phaseOf([stopped(40_000), stopped(40_001)]);
    expect(findingOf(withNode(phase, 'router', counting)).unsound).toEqual([]);
    const few = { rules: [{ ...rejectRule, packets: 1 }] };
    expect(findingOf(withNode(phase, 'router', few)).unsound.join()).toMatch(
      /2 connections left the client.*router counts only 1/,
    );
    const uncounted = { rules: [{ ...rejectRule, family: 'inet', rule: 'drop', packets: undefined }] };
    expect(findingOf(withNode(phase, 'router', uncounted)).unsound).toEqual([]);
  });

  it('may find nothing in the captures behind a router that turned all away', () => {
    const unheard = incomplete(new Dialogue(40_000, routed).client('S', { seq: 1000 }, 'client'), false);
    unheard.ipvsState = undefined;
    const phase = phaseOf([unheard]);
    expect(findingOf(withNode(phase, 'router', counting))).toMatchObject({
      outcome: 'unreachable',
      unsound: [],
    });
    expect(findingOf(phase).unsound.join('\n')).toMatch(/capture of router has no TCP segment/);
  });

  it('notices SYNs that the router sent past the director', () => {
    const phase = phaseOf([healthy(40_000, routed)]);
    expect(findingOf(phase).unsound).toEqual([]);
    const router = phase.nodes.find(({ name }) => name === 'router');
    const segments = (router?.capture?.segments ?? []).map((segment) =>
      segment.flags.syn && !segment.flags.ack ? { ...segment, destinationMac: '02:00:00:00:00:04' } : segment,
    );
    const around = withNode(phase, 'router', {
      capture: { segments, icmp: [], neighbours: [], other: {}, truncated: false },
    });
    expect(findingOf(around)).toMatchObject({ outcome: 'bypassed', unsound: [] });
  });
});

describe('a phase with two directors', () => {
  it('takes what went through either of them', () => {
    const second = new Dialogue(40_001);
    second.via = 'director2';
    second.client('S', { seq: 1000 }).server('S.', { seq: 5000, ack: 1001 });
    second.client('.', { seq: 1001, ack: 5001 }).client('P.', { seq: 1001, ack: 5001, payload: 100 });
    second.server('P.', { seq: 5001, ack: 1101, payload: 200 }).server('F.', { seq: 5201, ack: 1101 });
    second.client('F.', { seq: 1101, ack: 5202 }).server('.', { seq: 5202, ack: 1102 });
    const finding = findingOf(phaseOf([healthy(40_000), second], { directors: 2 }));
    expect(finding).toMatchObject({
      outcome: 'healthy',
      unsound: [],
      numbers: { closingSegments: { fin: 2 } },
    });
  });

  /** The second director has the VIP by the time of the FIN, and knows nothing of the connection. */
  function failedOver(localPort: number): Dialogue {
    const dialogue = conversation(localPort).server('F.', { seq: 5201, ack: 1101 });
    dialogue.via = 'director2';
    dialogue.client('F.', { seq: 1101, ack: 5202 }, 'director').server('R', { seq: 5202 }, 'director2');
    dialogue.ipvsState = undefined;
    dialogue.realserverState = 'FIN-WAIT-2';
    return dialogue;
  }

  it('is close-blocked with a reset from the director that took over without its connections', () => {
    const phase = phaseOf([failedOver(40_000), failedOver(40_001)], { directors: 2 });
    const answered = withNode(phase, 'director2', { counters: { TcpOutRsts: 2 } });
    expect(findingOf(answered)).toMatchObject({
      outcome: 'close-blocked',
      signal: { kind: 'tcp-reset', from: 'director' },
      unsound: [],
    });
    expect(findingOf(phase).unsound.join()).toMatch(/ended at the director.*only 0/);
  });

  it('wants a capture from both, with segments in one of them', () => {
    const phase = phaseOf([healthy(40_000)], { directors: 2 });
    expect(findingOf(phase).unsound).toEqual([]);
    const blind = withNode(phase, 'director2', { capture: undefined });
    expect(findingOf(blind).unsound.join()).toContain('director2 has no capture');
  });

  it("gives IPVS's state at the director that has the connection's packets", () => {
    const phase = phaseOf([failedOver(40_000)], { directors: 2 });
    const entries = phaseOf([story(40_000)]).ipvs[0]?.connections ?? [];
    const entriesIn = (node: string, state: string) => ({
      node,
      time: 110,
      connections: entries.map((entry) => ({ ...entry, state })),
    });
    const stateWith = (...ipvs: ReturnType<typeof entriesIn>[]) =>
      findingOf({ ...phase, ipvs }).connections[0]?.ipvsState;
    const [old, current] = [entriesIn('director', 'SYN_RECV'), entriesIn('director2', 'ESTABLISHED')];
    expect(stateWith(old, current)).toBe('ESTABLISHED');
    expect(stateWith(old)).toBe('SYN_RECV');
  });
});

describe('a phase with a local realserver on the director', () => {
  const local = (dialogue: Dialogue): Dialogue => {
    dialogue.servedBy = 'director';
    return dialogue;
  };
  /** As `healthy`, with every segment ending at the director. */
  function served(localPort: number): Dialogue {
    const dialogue = local(new Dialogue(localPort))
      .client('S', { seq: 1000 })
      .server('S.', { seq: 5000, ack: 1001 }, 'director')
      .client('.', { seq: 1001, ack: 5001 })
      .client('P.', { seq: 1001, ack: 5001, payload: 100 })
      .server('P.', { seq: 5001, ack: 1101, payload: 200 }, 'director')
      .server('F.', { seq: 5201, ack: 1101 }, 'director')
      .client('F.', { seq: 1101, ack: 5202 })
      .server('.', { seq: 5202, ack: 1102 }, 'director');
    dialogue.realserverState = 'TIME-WAIT';
    return dialogue;
  }
  const setting = { localRealserver: true };

  it('is healthy where the director served some connections itself', () => {
    const finding = findingOf(phaseOf([served(40_000), healthy(40_001)], setting));
    expect(finding).toMatchObject({ outcome: 'healthy', unsound: [] });
    expect(finding.connections.map(({ realserver }) => realserver)).toEqual(['director', 'realserver1']);
    expect(finding.numbers.sockets).toMatchObject({ director: { 'TIME-WAIT': 1 } });
  });

  it('sees a socket that is stuck on the director', () => {
    const stuck = local(story(40_000));
    const finding = findingOf(phaseOf([stuck], { ...setting, ...rejecting }));
    expect(finding.connections[0]).toMatchObject({
      fate: 'close-blocked',
      realserver: 'director',
      realserverState: 'FIN-WAIT-2',
    });
    expect(finding.unsound).toEqual([]);
    // Its own connections end there; only what it should have forwarded has to be accounted for.
    expect(findingOf(phaseOf([stuck], setting)).unsound).toEqual([]);
    expect(findingOf(phaseOf([story(40_000)], setting)).unsound).not.toEqual([]);
  });

  it('believes a RST that reached the director, for nothing is forwarded; elsewhere it must be', () => {
    const reset = local(resetHealthy(40_000));
    const director = reset.captures.director.segments;
    reset.captures.director.segments = director.filter(({ sourceMac }) => sourceMac === '02:00:00:00:00:02');
    const fateWith = (dialogue: Dialogue) => findingOf(phaseOf([dialogue], setting)).connections[0]?.fate;
    reset.earlier = [{ realserver: 'ESTAB' }];
    expect(fateWith(reset)).toBe('healthy');
    reset.servedBy = 'realserver1';
    expect(fateWith(reset)).toBe('unexplained');
  });

  it('takes a reset from the director for an end of the connection only where the director serves it', () => {
    const dialogue = conversation(40_000)
      .client('F.', { seq: 1101, ack: 5201 })
      .server('R', { seq: 5201 }, 'director');
    dialogue.earlier = [{ realserver: 'ESTAB' }];
    const fateWith = () => findingOf(phaseOf([dialogue], setting)).connections[0]?.fate;
    expect(fateWith()).toBe('unexplained');
    local(dialogue);
    expect(fateWith()).toBe('healthy');
  });

  it('is not sound without evidence of the director as one that serves', () => {
    const phase = phaseOf([served(40_000)], setting);
    const unsampled = withNode(phase, 'director', { samples: [] });
    expect(findingOf(unsampled).unsound.join()).toContain('director has no sample');
  });
});

describe('a phase with two VIPs', () => {
  const second = { ...flat, vip: '10.0.0.10' };
  const phase = {
    ...phaseOf([healthy(40_000), story(40_001, second)], rejecting),
    servers: [flat.vip, second.vip],
    targets: [flat, second].map(({ vip }) => ({ address: vip, port: 80 })),
  };

  it('has the connections of both', () => {
    const finding = findingOf(phase);
    expect(finding).toMatchObject({ outcome: 'close-blocked', unsound: [] });
    expect(finding.numbers.fates).toMatchObject({ healthy: 1, 'close-blocked': 1 });
    expect(finding.connections.map(({ ipvsState }) => ipvsState)).toEqual(['FIN_WAIT', 'ESTABLISHED']);
  });

  it('has those of one where nobody says that there is another', () => {
    const { connections } = findingOf({ ...phase, servers: [flat.vip], targets: undefined });
    expect(connections.map(({ ipvsState }) => ipvsState)).toEqual(['FIN_WAIT', undefined]);
  });
});
