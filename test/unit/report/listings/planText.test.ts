import type { FlowProfile } from '../../../../src/contracts/agents/flowProfile.js';
import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { planText } from '../../../../src/report/listings/planText.js';
import type { Plan, PlannedRules } from '../../../../src/scenario/model/planTypes.js';
import { orderOf } from '../../contracts/agents/orders.js';
import { richScenario } from '../scenarios.js';

/** As it is pasted into a shell on the client. */
const driving = `node /lab/agent.cjs drive '${JSON.stringify(orderOf({}, { connections: 3 }))}'`;

const loaded = (text: string): PlannedRules => ({
  texts: { rules: text },
  load: { purpose: 'load the rules', argv: ['sh', '-c', 'iptables-restore < rules'] },
});

const node: Plan['nodes'][number] = {
  name: 'director',
  role: 'director',
  container: 'lvs-lab-k3v9q2xa-1-director',
  interfaces: [{ network: 'lan', address: '10.90.1.10' }],
  address: 'fd00::10',
  environment: { LVS_LAB_NAME: 'director' },
  capabilities: ['NET_ADMIN'],
  standing: [],
  setup: [{ purpose: 'the VIP', argv: ['sh', '-c', 'ip addr add 10.90.1.2/32 dev eth0'] }],
  rules: loaded('*filter\n-A INPUT -j REJECT\nCOMMIT\n'),
  sampler: { purpose: 'sockets over time', argv: ['sampler', '--every', '0.5'] },
  capture: { purpose: 'packets', argv: ['tcpdump', '-i', 'eth0', '-w', '/lab/a.pcap'], file: '/lab/a.pcap' },
  trace: { purpose: 'a trace of the rules', argv: ['trace'] },
  explain: undefined,
  zero: [{ purpose: 'zero the counters', argv: ['iptables', '-Z'] }],
  collect: { purpose: 'final state', argv: ['collect'] },
};

const plan: Plan = {
  runId: 'k3v9q2xa',
  scenario: 'close/server-first',
  shape: {
    key: 'k',
    labels: { 'lvs-lab.run': 'k3v9q2xa' },
    networks: [
      { network: 'front', name: 'lvs-lab-k3v9q2xa-1-front', subnet: '10.90.2.0/24', gateway: '10.90.2.1' },
      { network: 'lan', name: 'lvs-lab-k3v9q2xa-1-lan', subnet: '10.90.1.0/24', gateway: '10.90.1.1' },
    ],
    nodes: [],
  },
  start: 'cold',
  controlKey: 'c',
  family: 'ipv6',
  forwarding: 'dr',
  vip: 'fd00::2',
  ports: [80, 8000],
  load: {
    ...{ connections: 10, every: 0, requests: 1, upload: 0, download: 0, rate: 0, idle: 0 },
    ...{ connect: 'non-blocking', ports: 'own', reopen: false },
    close: { first: 'server', how: 'fin', after: 0 },
  },
  servers: ['fd00::2'],
  serving: ['realserver1', 'realserver2'],
  nodes: [node],
  ready: [
    { purpose: 'one packet through each realserver to 80', argv: ['probe', '80'] },
    { purpose: 'one packet through each realserver to 8000', argv: ['probe', '8000'] },
  ],
  drive: orderOf({}, { connections: 3 }),
  flows: undefined,
  trace: { connections: 4, seconds: 10, drive: orderOf({}, { connections: 4 }) },
  events: [],
  unmatched: [],
  expect: { outcome: 'healthy', signal: undefined },
  deadlines: { ready: 30, drive: 60, settle: 20, collect: 30, quiet: 3 },
};

describe('a plan for people', () => {
  it('prints every name and address, and each command as a line to paste', () => {
    expect(planText(plan, noPaint)).toBe(
      [
        'close/server-first  run k3v9q2xa',
        '  expected: healthy',
        '  labels:   lvs-lab.run=k3v9q2xa',
        '  network:  front  lvs-lab-k3v9q2xa-1-front  10.90.2.0/24  gateway 10.90.2.1',
        '  network:  lan    lvs-lab-k3v9q2xa-1-lan  10.90.1.0/24  gateway 10.90.1.1',
        '  service:  fd00::2, ports 80, 8000, on realserver1, realserver2',
        '  deadlines: ready 30 s, drive 60 s, settle 20 s, collect 30 s, quiet 3 s',
        '  measured: in a lab of its own, in which nobody has sent a packet',
        '',
        'director  director, container lvs-lab-k3v9q2xa-1-director, address fd00::10',
        '  eth0: lan 10.90.1.10',
        '  capabilities: NET_ADMIN',
        '  environment: LVS_LAB_NAME=director',
        '  # setup: the VIP',
        "  sh -c 'ip addr add 10.90.1.2/32 dev eth0'",
        '  # zero: zero the counters',
        '  iptables -Z',
        '  # rules, for the standard input of what follows:',
        '      *filter',
        '      -A INPUT -j REJECT',
        '      COMMIT',
        '  # rules: load the rules',
        "  sh -c 'iptables-restore < rules'",
        '  # sampler: sockets over time',
        '  sampler --every 0.5',
        '  # capture: packets',
        '  tcpdump -i eth0 -w /lab/a.pcap',
        '  # collect: final state',
        '  collect',
        '',
        'then, on the client',
        '  # ready: one packet through each realserver to 80',
        '  probe 80',
        '  # ready: one packet through each realserver to 8000',
        '  probe 8000',
        '  # drive: open, use and close the connections',
        `  ${driving}`,
        '',
      ].join('\n'),
    );
  });

  it("says where connections are made that are not the client's", () => {
    const program = { ...node, container: 'lvs-lab-x-program', within: 'director' };
    const there: Plan = {
      ...plan,
      controlDrive: orderOf({}, { connections: 5 }),
      load: { ...plan.load, from: 'director' },
      shape: { ...plan.shape, nodes: [...plan.shape.nodes, program] },
    };
    const lines = planText(there, noPaint).split('\n');
    const at = lines.indexOf('but on director in the measured run, container lvs-lab-x-program');
    expect(lines[at - 2]).toContain('"connections":5');
    expect(lines[at + 2]).toContain('"connections":3');
    expect(planText(plan, noPaint)).not.toContain('in the measured run, container');
  });

  it('says what the raw load agent is told', () => {
    const profile = { firstFlow: 200, flows: richScenario.flows } as unknown as FlowProfile;
    const flows: Plan['flows'] = {
      command: { purpose: 'the flows', argv: ['node', 'load.cjs'] },
      way: [],
      profiles: { control: profile, measured: profile },
    };
    const lines = planText({ ...plan, flows }, noPaint).split('\n');
    const at = lines.indexOf('  # flows: the flows');
    expect(lines.slice(at - 1, at + 4)).toEqual([
      expect.stringMatching(/^ {2}flows: 40000 conversations, 800 a second/),
      '  # flows: the flows',
      '  node load.cjs',
      '  # reads, with the networks, their gateways and the MAC address that the engine tells, and a line `.` every 2 seconds from then on:',
      `      ${JSON.stringify(profile)}`,
    ]);
    expect(planText(plan, noPaint)).not.toContain('flows');
  });

  it('says so when a node has no rules', () => {
    const bare = { ...plan, nodes: [{ ...node, rules: undefined, capture: undefined }] };
    const text = planText(bare, noPaint);
    expect(text).toContain('  rules: none\n');
    expect(text).not.toContain('tcpdump -i');
  });

  it('prints what happens in the middle of the run: when, where and with which rules', () => {
    const load = { purpose: 'the cure', argv: ['sh', 'cure'] };
    const rules = loaded('*filter\nCOMMIT\n');
    const events: Plan['events'] = [
      {
        at: 'settled',
        what: 'the director gets other rules',
        steps: [{ node: 'director', command: load, rules }],
      },
      {
        at: 2,
        what: 'director2 takes the VIP',
        steps: [
          { node: 'director', command: { purpose: 'gives it up', argv: ['ip', 'addr', 'del'] } },
          { node: 'director2', command: { purpose: 'takes it', argv: ['ip', 'addr', 'add'] } },
        ],
      },
    ];
    expect(planText({ ...plan, events }, noPaint).split(`  ${driving}\n`)[1]).toBe(
      [
        '',
        'when the sockets have settled: the director gets other rules',
        '  # rules, for the standard input of what follows:',
        '      *filter',
        '      COMMIT',
        '  # on director: the cure',
        '  sh cure',
        '',
        '2 s after every connection is open: director2 takes the VIP',
        '  # on director: gives it up',
        '  ip addr del',
        '  # on director2: takes it',
        '  ip addr add',
        '',
      ].join('\n'),
    );
    expect(planText(plan, noPaint)).not.toContain('settled:');
  });
});
