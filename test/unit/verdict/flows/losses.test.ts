import { describe, expect, it } from 'vitest';
import type { FlowEvidence, FlowReport } from '../../../../src/evidence/model/flowTypes.js';
import type { NodeEvidence } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { rejectRule, withNode } from '../evidence.js';
import { healthyWithFlows, opened, storyWithFlows } from './flows.js';

describe('the losses of a run with flows', () => {
  const lossesOf = (flows: Partial<FlowEvidence>, report: Partial<FlowReport> = {}) =>
    findingOf(healthyWithFlows({ flows, report })).numbers.flows?.losses;

  it('are none where no hop counted one', () => {
    const links = { director: { eth0: { rx_packets: 9, rx_dropped: 0 } } };
    expect(
      lossesOf({ captureDrops: { director: 0 }, links, backlogDrops: 0 }, { sendErrors: { EAGAIN: 0 } }),
    ).toEqual([]);
  });

  it.each<[string, Partial<FlowEvidence>, Partial<FlowReport>]>([
    [
      "The client's kernel did not take 5 frames of the raw load agent (ENOBUFS 3, EAGAIN 2).",
      {},
      { sendErrors: { ENOBUFS: 3, EAGAIN: 2 } },
    ],
    ['The receive buffer of the raw load agent had no room for 8 frames.', {}, { receiveDrops: 8 }],
    ['The capture on director lost 9 packets.', { captureDrops: { director: 9 } }, {}],
    ['eth0 of client lost 6 packets (tx_dropped).', { links: { client: { eth0: { tx_dropped: 6 } } } }, {}],
    [
      'The queue of eth0 on client dropped 4 packets (`tc -s qdisc`), on purpose where its link is to lose some.',
      { queueDrops: { client: { eth0: 4, lo: 0 } } },
      {},
    ],
    [
      "The engine's processors dropped 7 packets because their backlog was full (net.core.netdev_max_backlog).",
      { backlogDrops: 7 },
      {},
    ],
  ])('name the hop: %s', (sentence, flows, report) => {
    expect(lossesOf(flows, report)).toEqual([sentence]);
  });

  it.each([
    ['TcpExtListenOverflows', false],
    ['TcpExtListenDrops', false],
    ['TcpExtTCPReqQFullDrop', false],
    ['TcpExtTCPBacklogDrop', false],
    ['TcpExtTCPTimeWaitOverflow', true],
    ['TcpExtTCPAbortOnMemory', true],
  ])("name a node's kernel by %s, which hides sockets: %s", (counter, hides) => {
    const counters = { [counter]: 3 };
    const finding = findingOf(withNode(healthyWithFlows(), 'realserver1', { counters }));
    const sentence = expect.stringMatching(new RegExp(`^realserver1 .*\\(${counter} is 3\\): `)) as string;
    expect(finding.numbers.flows?.losses).toEqual([sentence]);
    expect(finding.unsound).toEqual(hides ? [sentence] : []);
  });
});

describe('ICMP errors that were held back', () => {
  const limitsOf = (director: Partial<NodeEvidence>) =>
    findingOf(storyWithFlows({ director })).numbers.flows?.icmpLimits;

  it('are told of where fewer were sent than packets rejected with one', () => {
    expect(limitsOf({ counters: { IcmpOutDestUnreachs: 45 } })).toEqual([
      `director sent 45 ICMP errors for ${opened + 4} packets: its limit on them (icmp_ratelimit, icmp_msgs_per_sec) held back the others.`,
    ]);
    expect(limitsOf({ counters: { IcmpOutDestUnreachs: opened + 4 } })).toEqual([]);
  });

  it('are told of where the kernel counts them', () => {
    const counters = { IcmpOutDestUnreachs: opened + 4, IcmpOutRateLimitGlobal: 2 };
    expect(limitsOf({ counters })?.[0]).toContain(`for ${opened + 6} packets`);
  });

  it.each([
    '-A INPUT -j DROP',
    '-A INPUT -p tcp -j REJECT --reject-with tcp-reset',
    'reject with tcp reset',
    'ct state invalid drop',
  ])('are none of a rule that sends none: %s', (rule) => {
    expect(limitsOf({ rules: [{ ...rejectRule, rule, packets: opened + 4 }] })).toEqual([]);
  });

  it.each(['-A INPUT -j REJECT', 'reject with icmpx admin-prohibited', 'counter reject'])(
    'are told of with every other: %s',
    (rule) => {
      expect(limitsOf({ rules: [{ ...rejectRule, rule, packets: opened + 4 }] })).toHaveLength(1);
    },
  );
});
