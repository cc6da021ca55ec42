import { describe, expect, it } from 'vitest';
import { otherText } from '../../../../src/site/files/otherText.js';
import { readSite } from '../../../../src/site/readSite.js';

const texts = [
  [
    'iptables -L',
    'Chain INPUT (policy ACCEPT)\ntarget     prot opt source     destination\nREJECT     all  --  0.0.0.0/0  0.0.0.0/0  reject-with icmp-host-prohibited\n',
    1,
  ],
  [
    'iptables -vnL of a chain',
    '\nChain RH-Firewall-1-INPUT (2 references)\n pkts bytes target prot opt in out source destination\n',
    2,
  ],
  ['a script', '#!/bin/bash\n# web\niptables -A INPUT -p tcp --dport 80 -j ACCEPT\n', 3],
  ['a script with sudo', 'sudo /sbin/iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n', 1],
  ['a script with a variable', 'IPT=/sbin/iptables\n$IPT -P INPUT DROP\n', 2],
  ['ufw status', 'Status: active\n\nTo        Action   From\n80/tcp    ALLOW    Anywhere\n', 1],
  ['firewall-cmd', 'public (active)\n  target: default\n  services: ssh http\n', 1],
  ['a zone', '<?xml version="1.0"?>\n<zone>\n  <service name="http"/>\n</zone>\n', 2],
  ['ipvsadm -Lc', 'IPVS connection entries\npro expire state source virtual destination\n', 1],
  ['ifconfig', 'eth0: flags=4163<UP,BROADCAST>  mtu 1500\n', 1],
  ['old ifconfig', 'eth0      Link encap:Ethernet  HWaddr 00:16:3e:00:00:01\n', 1],
  ['route', 'Kernel IP routing table\nDestination Gateway Genmask\n', 1],
] as const;

describe('a text that says too little, or that has to be run', () => {
  it.each(texts)('is told what it is, and what to give in its place: %s', (_, text, line) => {
    const { problems } = readSite([{ name: 'theirs.txt', text, isNamed: true }]);
    expect(problems).toEqual([
      {
        done: 'refused',
        at: { file: 'theirs.txt', line },
        message: expect.stringMatching(/, found (?:what|a) .*; give what `/) as string,
      },
    ]);
  });

  it('is not guessed', () => {
    expect(otherText('all is well\n')).toBeUndefined();
    const { problems } = readSite([{ name: 'theirs.txt', text: 'all is well\n', isNamed: true }]);
    expect(problems[0]?.message).toContain('found none of these');
  });

  it('is none that is read', () => {
    const text = '*filter\n:INPUT ACCEPT [0:0]\n# iptables -A INPUT -j DROP\nCOMMIT\n';
    expect(readSite([{ name: 'rules', text, isNamed: true }]).problems).toEqual([]);
  });
});
