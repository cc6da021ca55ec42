import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../src/report/colour.js';
import { planText } from '../../../src/report/planText.js';
import type { Plan } from '../../../src/scenario/types.js';

const node: Plan['nodes'][number] = {
  name: 'director',
  role: 'director',
  container: 'lvs-lab-k3v9q2xa-director',
  address: '10.90.1.10',
  sysctls: { 'net.ipv4.ip_forward': '1' },
  environment: { ROLE: 'director' },
  capabilities: ['NET_ADMIN'],
  setup: [{ purpose: 'the VIP', argv: ['sh', '-c', 'ip addr add 10.90.1.2/32 dev eth0'] }],
  rules: {
    text: '*filter\n-A INPUT -j REJECT\nCOMMIT\n',
    file: '/etc/lvs-lab/rules',
    argv: ['iptables-nft-restore', '/etc/lvs-lab/rules'],
  },
  sampler: { purpose: 'sockets over time', argv: ['sampler', '--every', '0.5'] },
  capture: { purpose: 'packets', argv: ['tcpdump', '-i', 'eth0', '-w', '-'] },
  reset: { purpose: 'zero the counters', argv: ['iptables', '-Z'] },
  stop: { purpose: 'end sampler and capture', argv: ['pkill', 'tcpdump'] },
  collect: { purpose: 'final state', argv: ['collect'] },
};

const plan: Plan = {
  runId: 'k3v9q2xa',
  scenario: 'close/server-first',
  labels: { 'lvs-lab.run': 'k3v9q2xa' },
  network: { name: 'lvs-lab-k3v9q2xa', subnet: '10.90.1.0/24', gateway: '10.90.1.1' },
  vip: '10.90.1.2',
  port: 80,
  nodes: [node],
  ready: { purpose: 'one packet through each realserver', argv: ['agent', 'ready'] },
  drive: { purpose: 'the load', argv: ['agent', 'drive'] },
  expect: { outcome: 'healthy', signal: undefined },
  deadlines: { ready: 30, drive: 60, settle: 20, collect: 30 },
};

describe('a plan for people', () => {
  it('prints every name and address, and each command as a line to paste', () => {
    expect(planText(plan, noPaint)).toBe(
      [
        'close/server-first  run k3v9q2xa',
        '  expected: healthy',
        '  labels:   lvs-lab.run=k3v9q2xa',
        '  network:  lvs-lab-k3v9q2xa  10.90.1.0/24  gateway 10.90.1.1',
        '  service:  10.90.1.2:80',
        '  deadlines: ready 30 s, drive 60 s, settle 20 s, collect 30 s',
        '',
        'director  director, container lvs-lab-k3v9q2xa-director, address 10.90.1.10',
        '  capabilities: NET_ADMIN',
        '  sysctls: net.ipv4.ip_forward=1',
        '  environment: ROLE=director',
        '  # setup: the VIP',
        "  sh -c 'ip addr add 10.90.1.2/32 dev eth0'",
        '  # reset: zero the counters',
        '  iptables -Z',
        '  # rules: loads /etc/lvs-lab/rules, whose text is below',
        '  iptables-nft-restore /etc/lvs-lab/rules',
        '      *filter',
        '      -A INPUT -j REJECT',
        '      COMMIT',
        '  # sampler: sockets over time',
        '  sampler --every 0.5',
        '  # capture: packets',
        '  tcpdump -i eth0 -w -',
        '  # stop: end sampler and capture',
        '  pkill tcpdump',
        '  # collect: final state',
        '  collect',
        '',
        'then, on the client',
        '  # ready: one packet through each realserver',
        '  agent ready',
        '  # drive: the load',
        '  agent drive',
        '',
      ].join('\n'),
    );
  });

  it('says so when a node has no rules', () => {
    const bare = { ...plan, nodes: [{ ...node, rules: undefined, capture: undefined }] };
    const text = planText(bare, noPaint);
    expect(text).toContain('  rules: none\n');
    expect(text).not.toContain('tcpdump -i');
  });
});
