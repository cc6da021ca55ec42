import { describe, expect, it } from 'vitest';
import {
  type InterfaceNames,
  renameInRules,
  renameInSysctl,
} from '../../../../src/scenario/network/interfaceNames.js';
import type { RuleSet } from '../../../../src/scenario/model/scenario.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const nothing: RuleSet = {
  ipset: undefined,
  rules: undefined,
  rules6: undefined,
  nftables: undefined,
  commands: [],
};
const renamed = (rules: Partial<RuleSet>, names: InterfaceNames, around?: Partial<RuleSet>) =>
  renameInRules({ ...nothing, ...rules }, names, { ...nothing, ...(around ?? rules) });
const bond = { bond0: 'eth0' };
const nft = (text: string, names: InterfaceNames = bond) => renamed({ nftables: text }, names).rules.nftables;
const rule = (text: string) =>
  nft(`table inet f { chain c { ${text}; }; }`)?.replace(/^table inet f \{ chain c \{ (.*); \}; \}$/, '$1');

describe('the rules of iptables', () => {
  const line = (text: string, names: InterfaceNames = bond) => renamed({ rules: text }, names).rules.rules;

  it.each([
    ['-A INPUT -i bond0 -j ACCEPT', '-A INPUT -i eth0 -j ACCEPT'],
    ['-A INPUT ! -i bond0 -j IN_bond0', '-A INPUT ! -i eth0 -j IN_bond0'],
    ['-A INPUT -i ! bond0 -j bond0', '-A INPUT -i ! eth0 -j bond0'],
    ['-A INPUT -ibond0 -j ACCEPT', '-A INPUT -ieth0 -j ACCEPT'],
    ['-A OUTPUT --out-interface bond0', '-A OUTPUT --out-interface eth0'],
    ['-A OUTPUT --out-interface=bond0', '-A OUTPUT --out-interface=eth0'],
    ['-A OUTPUT --in-inter bond0', '-A OUTPUT --in-inter eth0'],
    ['-A INPUT -m physdev --physdev-in bond0', '-A INPUT -m physdev --physdev-in eth0'],
    ['-A INPUT -i "bond0" -j ACCEPT', '-A INPUT -i "eth0" -j ACCEPT'],
    ['-A INPUT -i bond+ -j DROP', '-A INPUT -i eth0 -j DROP'],
    ['-A INPUT -j TEE --gateway 1.2.3.4 --oif bond0', '-A INPUT -j TEE --gateway 1.2.3.4 --oif eth0'],
  ])('have the lab’s where they take one: %s', (text, expected) => {
    expect(line(text)).toBe(expected);
  });

  it.each([
    ':bond0 - [0:0]',
    '*bond0',
    '# -i bond0',
    '-A bond0 -j bond0',
    '-A INPUT -g bond0',
    '-A INPUT -m comment --comment "-i bond0" -j ACCEPT',
    '-A INPUT -m comment --comment -ibond0 -j ACCEPT',
    '-A INPUT -j LOG --log-prefix "-i bond0 "',
    '-A INPUT -m set --match-set bond0 src -j DROP',
    '-A INPUT -i bond0.100 -j DROP',
    '-A INPUT -i + -j DROP',
    '-A INPUT -p tcp -m recent --name bond0 --set',
  ])('have nothing else renamed: %s', (text) => {
    expect(line(text)).toBe(text);
  });

  it('keep apart what the site calls like its interfaces: two chains stay two', () => {
    const text = `*filter
:INPUT ACCEPT [0:0]
:lan - [0:0]
:wan - [0:0]
-A INPUT -i lan -j lan
-A INPUT -i wan -j wan
-A lan -j ACCEPT
-A wan -j DROP
COMMIT
`;
    expect(line(text, { lan: 'eth0', wan: 'eth0', INPUT: 'eth0', filter: 'none' })).toBe(
      text.replace('-i lan', '-i eth0').replace('-i wan', '-i eth0'),
    );
  });

  it('may change places with the lab’s, or have no part', () => {
    const names = { eth1: 'eth0', eth0: 'none', docker0: 'none' } as const;
    expect(line('-A FORWARD -i eth1 -o eth0\n-A FORWARD -i docker0', names)).toBe(
      '-A FORWARD -i eth0 -o not-here\n-A FORWARD -i docker0',
    );
  });
});

describe('the rules of nft', () => {
  it.each([
    ['iifname { "bond0", bond01, "bond0.7" } accept', 'iifname { "eth0", bond01, "bond0.7" } accept'],
    ['iifname "bond*" drop', 'iifname "eth0" drop'],
    ['meta oif != bond0 jump bond0', 'meta oif != eth0 jump bond0'],
    [
      'iifname . tcp dport { "bond0" . 80, bond0 . 443 } drop',
      'iifname . tcp dport { "eth0" . 80, eth0 . 443 } drop',
    ],
    ['tcp dport . iifname { 80 . bond0 } drop', 'tcp dport . iifname { 80 . eth0 } drop'],
    ['ct state . iifname { new . bond0 } drop', 'ct state . iifname { new . eth0 } drop'],
    ['iifname vmap { "bond0" : jump bond0, lo:accept }', 'iifname vmap { "eth0" : jump bond0, lo:accept }'],
    ['iifname vmap { bond0:jump bond0 }', 'iifname vmap { eth0:jump bond0 }'],
    ['meta mark set iifname map { "bond0" : 1 }', 'meta mark set iifname map { "eth0" : 1 }'],
    ['dnat to iifname map { bond0 : 10.0.0.1 }', 'dnat to iifname map { eth0 : 10.0.0.1 }'],
    ['dup to 10.0.0.1 device "bond0"', 'dup to 10.0.0.1 device "eth0"'],
    ['fwd to bond0', 'fwd to eth0'],
    ['meta ibrname bond0 drop', 'meta ibrname eth0 drop'],
    ['fib daddr oifname bond0 drop', 'fib daddr oifname eth0 drop'],
  ])('have the lab’s where they take one: %s', (text, expected) => {
    expect(rule(text)).toBe(expected);
  });

  it.each([
    'jump bond0',
    'iifname lo comment "bond0 iifname bond0"',
    'iifname @bond0 drop',
    'log prefix "iifname bond0 "',
    'log prefix "bond0" level info',
    'ct helper set "bond0"',
    'counter name bond0',
    'add @bond0 { ip saddr }',
    'meter bond0 { iifname limit rate 1/second } drop',
    '# iifname bond0',
  ])('have nothing else renamed: %s', (text) => {
    expect(rule(text)).toBe(text);
  });

  it('have the devices of hooks and flowtables, and elements of sets and maps of interfaces', () => {
    const text = (name: string) => `table netdev bond0 {
  chain bond0 { type filter hook ingress device "${name}" priority 0; }
  chain c { type filter hook ingress devices = { ${name}, lo } priority 0; }
}
table inet f {
  flowtable bond0 { hook ingress priority 0; devices = { ${name} }; }
  set bond0 { type ifname; elements = { "${name}", lo } }
  set two { type ipv4_addr . ifname; elements = { 10.0.0.1 . ${name} timeout 1h } }
  set three { typeof ip saddr . meta iifname; elements = { 10.0.0.1 . ${name} } }
  map m { type ifname : verdict; elements = { ${name} : jump bond0 } }
  map n { type mark : ifname; elements = { 1 : ${name} } }
  set names { type string; elements = { bond0 } }
}
add element inet f two { 10.0.0.2 . ${name} }
`;
    expect(nft(text('bond0'))).toBe(text('eth0'));
  });

  it('have a definition renamed where it is one of interfaces, and kept where it is something else as well', () => {
    const text = (name: string, rest = '') =>
      `define wan = { ${name} }\ntable ip f {\n chain c { iifname $wan drop; ${rest}}\n}`;
    expect(nft(text('bond0'))).toBe(text('eth0'));
    const both = renamed({ nftables: text('bond0', 'jump $wan; ') }, bond);
    expect(both.rules.nftables).toBe(text('bond0', 'jump $wan; '));
    expect(both.kept).toEqual([{ name: 'bond0', key: 'nftables', line: 3, why: 'variable' }]);
  });
});

describe('sets of ipset', () => {
  it('have the interfaces of elements that have one', () => {
    const text = (name: string) => `create bond0 hash:net,iface
add bond0 10.0.0.0/8,${name}
add bond0 10.0.0.0/8,physdev:${name}
create n hash:ip comment
add n 10.0.0.1 comment "bond0"
`;
    expect(renamed({ ipset: text('bond0') }, bond).rules.ipset).toBe(text('eth0'));
  });
});

describe('commands', () => {
  const command = (text: string, names: InterfaceNames = bond) => renamed({ commands: [text] }, names);

  it.each([
    'ip route add default dev NAME',
    'ip -4 route add default via 10.0.0.1 dev NAME onlink',
    'ip link set NAME down',
    'ip link set up dev NAME mtu 1400',
    'ip l set up NAME',
    'ip rule add iif NAME table 7',
    'ip addr show NAME',
    'ip neigh flush dev NAME',
    'tc qdisc add dev NAME root netem loss 1%',
    'tc filter add dev lo parent 1: u32 match ip dst 10.0.0.1 action mirred egress redirect dev NAME',
    'sysctl -w net.ipv4.conf.NAME.rp_filter=1',
    'sysctl -w net/ipv4/conf/NAME/rp_filter=1',
    'echo 1 > /proc/sys/net/ipv4/conf/NAME/rp_filter',
    'cat /sys/class/net/NAME/address',
    'ethtool -K NAME gro off',
    'ifconfig NAME down',
    'ifconfig NAME:1 10.0.0.1 up',
    'ipvsadm --start-daemon master --mcast-interface NAME',
    'arptables -A OUTPUT -o NAME -s 10.0.0.1 -j DROP',
    'iptables -N bond0 && iptables -A INPUT -i NAME -j bond0',
    'sudo ip6tables-legacy -t raw -I PREROUTING -i "NAME" -j DROP',
    'nft add rule inet f c iifname NAME jump bond0',
    `nft 'add rule inet f c iifname "NAME" drop'`,
    `nft add rule inet f c iifname '{' '"NAME",' lo '}' drop`,
    'nft -f - <<EOF\nadd rule inet f c iifname NAME jump bond0\nEOF',
    'iptables-restore -n <<EOF\n*filter\n-A INPUT -i NAME -j bond0\nCOMMIT\nEOF',
    `printf '*filter\\n-A INPUT -i NAME -j bond0\\nCOMMIT\\n' | iptables-restore -n`,
    "sh -c 'ip link set NAME up'",
    'ip -o addr show dev lo; x=$(ip -o addr show dev NAME); echo bond0 is $x',
    'for i in NAME lo; do iptables -A INPUT -i $i -j DROP; done',
    'for i in NAME; do echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done',
    'for i in NAME; do echo "bond0: $i"; ip link set "$i" up; done',
    'DEV=NAME; iptables -A INPUT -i $DEV -j DROP',
    'DEVS="NAME lo"; for i in $DEVS; do ip link set $i up; done',
    'for i in NAME; do iptables -A INPUT -i $${i} -j DROP; done',
    'ipset create x hash:net,iface; ipset add x 10.0.0.0/8,NAME',
    'if true; then ip link set NAME up; fi',
    'timeout 5 ip netns exec bond0 ip link set NAME up',
  ])('have the lab’s where they take one: %s', (text) => {
    const { rules, kept } = command(text.replaceAll('NAME', 'bond0'));
    expect(rules.commands).toEqual([text.replaceAll('NAME', 'eth0')]);
    expect(kept).toEqual([]);
  });

  it.each([
    'echo /run/bond0 ${bond0} x@bond0',
    'echo bond0',
    'iptables -A INPUT -m comment --comment bond0 -j bond0',
    'ip netns add bond0',
    'ipset create bond0 hash:ip',
    'ip link set bond0.100 up',
  ])('have nothing else renamed: %s', (text) => {
    const { rules, kept } = command(text);
    expect(rules.commands).toEqual([text]);
    expect(kept).toEqual([]);
  });

  it.each([
    ['for i in bond0; do iptables -N in-$i; iptables -A INPUT -i $i -j in-$i; done', 'variable'],
    ['for n in 0; do iptables -A INPUT -i bond$n -j DROP; done', 'put together'],
    ['watch-link bond0', 'program'],
    ['echo bond0 > /etc/watched', 'program'],
  ])('say what they cannot tell, and leave it: %s', (text, why) => {
    const { rules, kept } = command(text);
    expect(rules.commands).toEqual([text]);
    expect(kept).toEqual(expect.arrayContaining([{ name: 'bond0', key: 'commands', line: 1, why }]));
    expect(new Set(kept.map((one) => one.why))).toEqual(new Set([why]));
  });

  it('leave what one loop cannot tell, and not another of the same variable', () => {
    const lines = (name: string) => [
      `for i in ${name}; do ip link set $i up; done`,
      'for i in bond0; do iptables -N $i; iptables -A INPUT -i $i -j DROP; done',
    ];
    const { rules, kept } = renamed({ commands: lines('bond0') }, bond);
    expect(rules.commands).toEqual(lines('eth0'));
    expect(kept).toEqual([{ name: 'bond0', key: 'commands', line: 2, why: 'variable' }]);
  });

  it('know a variable of a line before, and the sets of the rules around', () => {
    const lines = [
      'DEV=bond0',
      'ip link set $DEV up',
      'iptables -A INPUT -i $DEV -j DROP\nip link set bond0 up',
    ];
    expect(renamed({ commands: lines }, bond).rules.commands).toEqual(
      lines.map((line) => line.replaceAll('bond0', 'eth0')),
    );
    const around = { nftables: 'table inet f {\n set s { type ifname; }\n set n { type mark; }\n}' };
    expect(
      renamed({ commands: ['nft add element inet f s { bond0 }'] }, bond, around).rules.commands,
    ).toEqual(['nft add element inet f s { eth0 }']);
    const other = 'nft add element inet f n { bond0 }';
    expect(renamed({ commands: [other] }, bond, around).rules.commands).toEqual([other]);
  });
});

describe('interfaces of a site', () => {
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
