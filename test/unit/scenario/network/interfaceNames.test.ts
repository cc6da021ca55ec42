import { describe, expect, it } from 'vitest';
import { renameInSysctl, renameInterfaces } from '../../../../src/scenario/network/interfaceNames.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

describe('interfaces of a site', () => {
  it.each([
    ['-A INPUT -i bond0 -j ACCEPT', '-A INPUT -i eth0 -j ACCEPT'],
    ['-A INPUT ! -i bond0 -j IN_bond0', '-A INPUT ! -i eth0 -j IN_bond0'],
    ['iifname { "bond0", bond01, "bond0.7" } accept', 'iifname { "eth0", bond01, "bond0.7" } accept'],
    ['-A INPUT -i bond+ -j DROP', '-A INPUT -i eth0 -j DROP'],
    ['iifname "bond*" drop', 'iifname "eth0" drop'],
    ['ip route add default dev bond0', 'ip route add default dev eth0'],
    ['echo /run/bond0 ${bond0} x@bond0', 'echo /run/bond0 ${bond0} x@bond0'],
  ])('are the lab’s where they stand alone: %s', (line, expected) => {
    expect(renameInterfaces(line, { bond0: 'eth0' })).toBe(expected);
  });

  it('may change places with those of the lab, or have no part', () => {
    const names = { eth1: 'eth0', eth0: 'none', docker0: 'none' } as const;
    expect(renameInterfaces('-i eth1 -o eth0 -i docker0', names)).toBe('-i eth0 -o not-here -i docker0');
  });

  it('are renamed in names of sysctls', () => {
    expect(renameInSysctl('net.ipv4.conf.bond0.rp_filter', { bond0: 'eth0' })).toBe(
      'net.ipv4.conf.eth0.rp_filter',
    );
    expect(renameInSysctl('net.ipv4.conf.team0/100.rp_filter', { 'team0.100': 'eth0' })).toBe(
      'net.ipv4.conf.eth0.rp_filter',
    );
    expect(renameInSysctl('net.ipv4.conf.all.rp_filter', { bond0: 'eth0' })).toBe(
      'net.ipv4.conf.all.rp_filter',
    );
    expect(renameInSysctl('net.ipv4.vs.conntrack', { vs: 'eth0' })).toBe('net.ipv4.vs.conntrack');
  });

  it('are renamed in all of a role and its events', async () => {
    const { roles, events } = await scenarioOf(`${minimal}director:
  interfaces: { bond0: eth0 }
  rules: "*filter\\n-A INPUT -i bond0\\nCOMMIT"
  commands: [iptables -A INPUT -i bond0]
events:
  - { at: connected, on: director, run: ip link set bond0 down }
  - { at: connected, on: client, run: ip link set bond0 down }
`);
    expect(roles.director).toMatchObject({
      rules: '*filter\n-A INPUT -i eth0\nCOMMIT',
      commands: ['iptables -A INPUT -i eth0'],
    });
    expect(events.map(({ action }) => action)).toEqual([
      { kind: 'run', command: 'ip link set eth0 down' },
      { kind: 'run', command: 'ip link set bond0 down' },
    ]);
  });

  it('can only be what a lab has', async () => {
    const problems = await problemsOf(`${minimal}director: { interfaces: { bond0: eth7 } }\n`);
    expect(problems).toEqual([expect.stringMatching(/^FILE:7:34: expected .*`eth0`.*found the text `eth7`/)]);
  });
});
