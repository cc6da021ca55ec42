import { describe, expect, it } from 'vitest';
import type { NodeEvidence } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { story } from '../dialogue.js';
import { phaseOf, rejectRule } from '../evidence.js';

/** What is unsound about two connections whose FINs ended at a director with this evidence. */
const doubts = (director: Partial<NodeEvidence>): readonly string[] =>
  findingOf(phaseOf([story(40_000), story(40_001)], { director })).unsound;
const nft = (rule: string, packets: number | undefined) => ({
  rules: [{ family: 'inet', table: 'lab', chain: 'in', rule, packets }],
});
const iptables = (rule: string, packets: number | undefined) => ({
  rules: [{ ...rejectRule, rule, packets }],
});

describe('what ended at a director', () => {
  it.each<[string, Partial<NodeEvidence>]>([
    ['a REJECT in a user chain', iptables('-A RH-Firewall-1-INPUT -j REJECT --reject-with tcp-reset', 2)],
    ['a DROP', iptables('-A PREROUTING -m conntrack --ctstate INVALID -j DROP', 2)],
    ['a policy', iptables('-P INPUT DROP', 2)],
    ['a native rule', nft('reject with icmp host-prohibited', 2)],
    ['a full conntrack table', { conntrack: { drop: 2, invalid: 0 } }],
    ['resets of its own', { counters: { TcpOutRsts: 2 } }],
    ['ICMP errors of its own', { counters: { IcmpOutDestUnreachs: 1, Icmp6OutDestUnreachs: 1 } }],
    ['its check of the way back', { counters: { TcpExtIPReversePathFilter: 2 } }],
    ['packets for addresses that it does not have', { counters: { IpInAddrErrors: 2 } }],
  ])('is accounted for by %s', (_, director) => {
    expect(doubts(director)).toEqual([]);
  });

  it.each<[string, Partial<NodeEvidence>]>([
    ['nothing', {}],
    ['a rule that counted less', iptables('-A INPUT -j DROP', 1)],
    ["a policy of iptables-legacy's that never met a packet", iptables('-P INPUT DROP', 0)],
    ['a jump to a chain that is called DROP-LOG', iptables('-A INPUT -j DROP-LOG', 2)],
    ['a rule that took nothing', iptables('-A PREROUTING -j DNAT --to 10.0.0.1', 0)],
    ['a rule that accepts', iptables('-A INPUT -j ACCEPT', 2)],
    ['a native rule that accepts', nft('tcp dport 80 accept comment "do not drop"', undefined)],
    ['a jump to a chain named so', nft('jump drop', undefined)],
    ['packets without a way out', { counters: { IpOutNoRoutes: 2 } }],
    ['conntrack entries that were only invalid', { conntrack: { drop: 0, invalid: 2 } }],
    [
      'ICMP errors that its rule had counted already',
      { ...iptables('-A INPUT -j REJECT', 1), counters: { IcmpOutDestUnreachs: 1 } },
    ],
  ])('is not accounted for by %s', (_, director) => {
    expect(doubts(director).join()).toMatch(/2 connections ended at the director, but/);
  });

  it.each<[string, Partial<NodeEvidence>]>([
    ['a native rule without a counter', nft('ct state invalid drop', undefined)],
    ['a native policy', nft('-P in DROP', undefined)],
    ['a verdict map', nft('ct state vmap { invalid : drop, established : accept }', 9)],
    ["a policy of iptables-nft's", iptables('-P INPUT DROP', undefined)],
    [
      'a rule that takes the first packet of a connection',
      iptables('-A PREROUTING -j DNAT --to 10.0.0.1', 1),
    ],
    ['one that takes them and does not count', nft('tcp dport 80 redirect to :8080', undefined)],
  ])('cannot be checked, and is believed, with %s', (_, director) => {
    expect(doubts(director)).toEqual([]);
  });

  it('is accounted for when IPVS had no destination for it any more', () => {
    expect(doubts({ ipvsDestinations: ['10.0.0.5'] })).toEqual([]);
    expect(doubts({ ipvsDestinations: ['10.0.0.4'] })).not.toEqual([]);
  });
});

describe('the rejecting rules among the numbers', () => {
  const rejectedOf = (director: Partial<NodeEvidence>) =>
    findingOf(phaseOf([story(40_000)], { director })).numbers.rejected;

  it('say where a native rule stands, and what it counted', () => {
    expect(rejectedOf(nft('ct state invalid drop', 3))).toEqual([
      { node: 'director', rule: 'inet lab in: ct state invalid drop', packets: 3 },
    ]);
  });

  it('have none that counted nothing, or does not tell', () => {
    expect(rejectedOf(nft('ct state invalid drop', undefined))).toEqual([]);
    expect(rejectedOf(nft('ct state vmap { invalid : drop }', 3))).toEqual([]);
    expect(rejectedOf(iptables('-A INPUT -j DROP', 0))).toEqual([]);
  });
});
