import { describe, expect, it } from 'vitest';
import { effectOf } from '../../../../src/verdict/rules/ruleEffect.js';

const turnsAway = (rule: string, elements?: string) => effectOf({ rule, elements }).turnsAway;
const takes = (rule: string) => effectOf({ rule }).takes;

describe('a rule of iptables', () => {
  it.each([
    '-A INPUT -j DROP',
    '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
    '-A PREROUTING -p tcp -j DROP',
    '-A LOGDROP -m comment --comment "ends here" -j DROP',
    '-A INPUT -m recent --rcheck --name BAD --rsource -j DROP',
    '-A INPUT -m comment --comment -j -j DROP',
    '-P INPUT DROP',
  ])('turns packets away: %s', (rule) => {
    expect(turnsAway(rule)).toBe(true);
  });

  it.each([
    '-A INPUT -j DROP-LOG',
    '-A INPUT -j REJECT_x',
    '-A INPUT -g DROPPED',
    '-A INPUT -j DROP.1',
    '-A INPUT -m comment --comment "was: -j DROP" -j ACCEPT',
    '-A INPUT -m comment --comment "a \\" -j DROP" -j ACCEPT',
    '-A INPUT -j LOG --log-prefix "-j DROP "',
    '-A INPUT -j LOG --log-prefix DROP',
    '-A INPUT -m comment --comment -j -j ACCEPT',
    '-A INPUT -m comment --comment DROP',
    '-A INPUT -m string --string "-j REJECT" --algo bm --to 65535 -j ACCEPT',
    '-P INPUT ACCEPT',
  ])('lets them go on: %s', (rule) => {
    expect(turnsAway(rule)).toBe(false);
  });

  it.each([
    ['-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080', true],
    ['-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80', true],
    ['-A PREROUTING -p tcp -j TPROXY --on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1', true],
    ['-A INPUT -j NFQUEUE --queue-num 0', true],
    ['-A PREROUTING -j DNAT-LOG', false],
    ['-A POSTROUTING -j MASQUERADE', false],
    ['-A PREROUTING -m socket --transparent -j ACCEPT', false],
  ])('gives them another way: %s: %s', (rule, is) => {
    expect(takes(rule)).toBe(is);
  });

  it('is answered with an ICMP error by REJECT alone, and not by a reset', () => {
    const answers = (rule: string) => effectOf({ rule }).answersWithIcmp;
    expect(answers('-A INPUT -j REJECT --reject-with icmp-host-prohibited')).toBe(true);
    expect(answers('-A INPUT -p tcp -j REJECT --reject-with tcp-reset')).toBe(false);
    expect(answers('-A INPUT -m comment --comment "tcp-reset" -j REJECT')).toBe(true);
    expect(answers('-A INPUT -j REJECT_x --reject-with icmp-host-prohibited')).toBe(false);
    expect(answers('-A INPUT -j DROP')).toBe(false);
  });
});

describe('a rule of nftables', () => {
  it.each([
    'drop',
    'ct state invalid drop',
    'tcp dport 81 reject',
    'reject with icmpx admin-prohibited',
    'ip saddr @blocked drop comment "so"',
    'ip saddr { 10.0.0.1, 10.0.0.2 } drop',
    'limit rate over 5/second drop',
    'ct state vmap { invalid : drop, established : accept, related : accept }',
    'tcp dport . ct state vmap { 80 . new : accept, 80 . invalid : drop }',
    'iifname vmap { "a{b" : jump x, "eth0" : drop }',
  ])('turns packets away: %s', (rule) => {
    expect(turnsAway(rule)).toBe(true);
  });

  it.each([
    'jump drop',
    'goto reject',
    'jump drop-log',
    'log prefix "drop " accept',
    'accept comment "was: drop"',
    'iifname "drop" accept',
    'icmpv6 type { destination-unreachable, reject-route } accept',
    'ct state vmap { established : accept, invalid : jump drop }',
    'ct state invalid goto drop-it',
    'meta mark vmap { 0x1 : goto reject }',
  ])('lets them go on: %s', (rule) => {
    expect(turnsAway(rule)).toBe(false);
  });

  it('is told by the elements of its named verdict map', () => {
    expect(turnsAway('ct state vmap @m', 'invalid : drop')).toBe(true);
    expect(turnsAway('ct state vmap @m', 'invalid : jump drop')).toBe(false);
    expect(effectOf({ rule: 'ct state vmap @m', elements: 'new : accept, invalid : drop' }).elements).toEqual(
      ['invalid : drop'],
    );
  });

  it('names the elements of a map only where nothing else in the rule drops', () => {
    expect(effectOf({ rule: 'ct state vmap { invalid : drop, new : accept }' }).elements).toEqual([
      'invalid : drop',
    ]);
    expect(effectOf({ rule: 'ct state invalid drop' }).elements).toBeUndefined();
  });

  it.each([
    ['tcp dport 80 redirect to :8080', true],
    ['tcp dport 80 redirect', true],
    ['tcp dport 80 dnat to 10.0.0.1', true],
    ['tcp dport 80 dnat ip to 10.0.0.1:80', true],
    ['tcp dport 80 dnat ip addr . port to tcp dport map @m', true],
    ['tcp dport 80 tproxy to :8080', true],
    ['queue num 0', true],
    ['ct status dnat accept', false],
    ['ct status { dnat, snat } accept', false],
    ['icmp type redirect accept', false],
    ['icmp type != redirect accept', false],
    ['icmp type { redirect, echo-request } accept', false],
    ['flow add @ft', false],
  ])('gives them another way: %s: %s', (rule, is) => {
    expect(takes(rule)).toBe(is);
  });

  it('is answered with an ICMP error by reject alone, and not by a reset', () => {
    const answers = (rule: string) => effectOf({ rule }).answersWithIcmp;
    expect(answers('reject with icmp host-prohibited')).toBe(true);
    expect(answers('reject')).toBe(true);
    expect(answers('reject with tcp reset')).toBe(false);
    expect(answers('drop')).toBe(false);
  });
});
