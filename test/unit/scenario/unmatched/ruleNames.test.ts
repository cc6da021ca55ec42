import { describe, expect, it } from 'vitest';
import { section, unmatchedOf } from './found.js';

const filter = (...lines: string[]) =>
  ['*filter', ':INPUT DROP [0:0]', ':OUTPUT DROP [0:0]', ...lines, 'COMMIT'].join('\n');
const rules = (...lines: string[]) => unmatchedOf(section('director', 'rules', filter(...lines)));
const table = (head: string, ...lines: string[]) =>
  section(
    'director',
    'nftables',
    [
      'table inet f {',
      ...head.split('\n').filter(Boolean),
      '  chain in {',
      '    type filter hook input priority 0; policy drop;',
      ...lines.map((line) => `    ${line}`),
      '  }',
      '}',
    ].join('\n'),
  );
const nft = (...lines: string[]) => unmatchedOf(table('', ...lines));
const withSets = (sets: string, ...lines: string[]) => unmatchedOf(table(sets, ...lines));

describe('an interface that the lab does not have', () => {
  it.each([
    ['-A INPUT -ieth7 -j ACCEPT', '-A INPUT -ieth0 -j ACCEPT'],
    ['-A INPUT --in-interface=eth7 -j ACCEPT', '-A INPUT --in-interface=eth0 -j ACCEPT'],
    ['-A INPUT -j ACCEPT -i eth7', '-A INPUT -j ACCEPT -i eth0'],
    // In a file of rules nobody fills it in.
    ['-A INPUT -i $WAN -j ACCEPT', '-A INPUT -i eth0 -j ACCEPT'],
  ])('is told of iptables: %s', async (rule, twin) => {
    expect(await rules(rule)).toEqual([`! interface ${rule.includes('$') ? '$WAN' : 'eth7'}`]);
    expect(await rules(twin)).toEqual([]);
  });

  it.each([
    ['iifname . tcp dport { "NAME" . 80 } accept', ['! interface eth7']],
    ['tcp dport . iifname { 80 . NAME, 443 . NAME } accept', ['! interface eth7']],
    ['iifname vmap { NAME:accept }', ['! interface eth7']],
    ['iifname . tcp dport vmap { NAME . 80 : accept }', ['! interface eth7']],
    ['meta mark set iifname map { NAME : 1 } accept', ['! interface eth7']],
    ['fib daddr oifname NAME accept', ['! interface eth7']],
    ['ct state . iifname { new . NAME } accept', ['! interface eth7']],
  ])('is told of nft: %s', async (rule, found) => {
    expect(await nft(rule.replaceAll('NAME', 'eth7'))).toEqual(found);
    expect(await nft(rule.replaceAll('NAME', 'eth0'))).toEqual([]);
  });

  it('is told where a part of a concatenation has it and another does not', async () => {
    expect(await nft('iifname . tcp dport { eth0 . 80, eth7 . 80 } accept')).toEqual(['interface eth7']);
    expect(await nft('iifname . tcp dport { eth7 . 22 } accept')).toEqual(['interface eth7']);
  });

  it.each([
    ['set s { type ifname; elements = { NAME } }', 'iifname @s accept'],
    ['set s { typeof iifname; elements = { "NAME" } }', 'iifname @s accept'],
    ['set s { type ifname . inet_service; elements = { NAME . 80 } }', 'iifname . tcp dport @s accept'],
    ['map s { type ifname : verdict; elements = { NAME : accept } }', 'iifname vmap @s'],
    ['define s = { NAME }', 'iifname $s accept'],
  ])('is told of named sets and maps: %s', async (set, rule) => {
    expect(await withSets(`  ${set.replace('NAME', 'eth7')}`, rule)).toEqual(['! interface eth7']);
    expect(await withSets(`  ${set.replace('NAME', 'eth0')}`, rule)).toEqual([]);
  });

  it('is told of a set beside one that is there, and of a command that adds to the set', async () => {
    const set = (elements: string) => `  set s { type ifname; elements = { ${elements} } }`;
    expect(await withSets(set('eth0, eth7'), 'iifname @s accept')).toEqual(['interface eth7']);
    const added = (name: string) =>
      unmatchedOf(
        `${table('  set s { type ifname; }', 'iifname @s accept')}  commands: ['nft add element inet f s { ${name} }']\n`,
      );
    expect(await added('eth7')).toEqual(['! interface eth7']);
    expect(await added('eth0')).toEqual([]);
  });

  it.each([
    'table netdev d {\n  chain c { type filter hook ingress device "NAME" priority 0; }\n}',
    'table netdev d {\n  chain c { type filter hook ingress devices = { lo, NAME } priority 0; }\n}',
    'table inet d {\n  flowtable t { hook ingress priority 0; devices = { NAME }; }\n}',
    'add chain netdev d c { type filter hook ingress device NAME priority 0; }',
  ])('is told of hooks and flowtables: %s', async (text) => {
    const found = (name: string) => unmatchedOf(section('director', 'nftables', text.replace('NAME', name)));
    expect(await found('eth7')).toEqual(['! interface eth7']);
    expect(await found('eth0')).toEqual([]);
  });

  it('is told of rules at a device, and of elements of ipset', async () => {
    const ingress = (name: string) =>
      unmatchedOf(
        section(
          'director',
          'nftables',
          `table netdev d {\n  chain c {\n    type filter hook ingress device eth0 priority 0;\n    iifname ${name} drop\n  }\n}`,
        ),
      );
    expect(await ingress('eth7')).toEqual(['! interface eth7']);
    expect(await ingress('eth0')).toEqual([]);
    const set = (name: string) =>
      unmatchedOf(
        `${section('director', 'rules', filter('-A INPUT -m set --match-set s src,src -j ACCEPT'))}  ipset: |\n    create s hash:net,iface\n    add s 0.0.0.0/0,${name}\n`,
      );
    expect(await set('eth7')).toEqual(['! interface eth7']);
    expect(await set('eth0')).toEqual([]);
  });
});

describe('an address that nobody has', () => {
  it.each([
    ['-m conntrack --ctorigdst ADDRESS', '${VIP}'],
    ['-m conntrack --ctorigsrc ADDRESS', '${CLIENT}'],
    ['-m conntrack --ctrepldst ADDRESS', '${CLIENT}'],
    ['-m conntrack --ctreplsrc ADDRESS', '${VIP}'],
    ['-m ipvs --vaddr ADDRESS', '${VIP}'],
    ['-m policy --dir in --pol ipsec --tunnel-src ADDRESS', '${CLIENT}'],
    ['-m policy --dir in --pol ipsec --tunnel-dst ADDRESS', '${VIP}'],
    ['--src=ADDRESS', '${CLIENT}'],
    ['-sADDRESS', '${CLIENT}'],
  ])('is told of a match of iptables: %s', async (match, there) => {
    expect(await rules(`-A INPUT ${match.replace('ADDRESS', '192.0.2.7')} -j ACCEPT`)).toEqual([
      '! address 192.0.2.7',
    ]);
    expect(await rules(`-A INPUT ${match.replace('ADDRESS', there)} -j ACCEPT`)).toEqual([]);
  });

  it.each([
    ['ct original ip daddr ADDRESS accept', '${VIP}'],
    ['ip saddr . tcp dport { ADDRESS . 80 } accept', '${CLIENT}'],
  ])('is told of a match of nft: %s', async (match, there) => {
    expect(await nft(match.replace('ADDRESS', '192.0.2.7'))).toEqual(['! address 192.0.2.7']);
    expect(await nft(match.replace('ADDRESS', there))).toEqual([]);
  });

  it('is told of a set that has it among its parts', async () => {
    const pair = (element: string) =>
      withSets(
        `  set s { type ifname . ipv4_addr; elements = { ${element} } }`,
        'iifname . ip saddr @s accept',
      );
    expect(await pair('eth0 . 192.0.2.7')).toEqual(['! set s']);
    expect(await pair('eth0 . 198.18.0.0/15')).toEqual([]);
  });

  const nat = (chain: string, target: string) =>
    unmatchedOf(
      section(
        'director',
        'rules',
        `*nat\n:${chain} ACCEPT [0:0]\n-A ${chain} -p tcp -m tcp --dport 80 ${target}\nCOMMIT`,
      ),
    );

  it.each([
    ['PREROUTING', '-j DNAT --to-destination ADDRESS:8080', '! '],
    ['PREROUTING', '-j DNAT --to ADDRESS', '! '],
    ['PREROUTING', '-j NETMAP --to ADDRESS', '! '],
    // A director that keeps no entries never comes to translate what it sends on.
    ['POSTROUTING', '-j SNAT --to-source ADDRESS', ''],
    ['POSTROUTING', '-j SNAT --to-source ADDRESS-192.0.2.9', ''],
  ])('is told of a target to which packets go: %s %s', async (chain, target, weight) => {
    const [found, ...others] = await nat(chain, target.replace('ADDRESS', '192.0.2.7'));
    expect(found).toMatch(new RegExp(`^${weight}address 192\\.0\\.2\\.7`));
    expect(others).toEqual([]);
    expect(
      await nat(chain, target.replace('ADDRESS-192.0.2.9', 'ADDRESS').replace('ADDRESS', '${REALSERVER1}')),
    ).toEqual([]);
  });

  it('is told of a copy, on which nothing hangs, and of a target of nft', async () => {
    const copied = (address: string) =>
      unmatchedOf(section('director', 'rules', `*mangle\n-A PREROUTING -j TEE --gateway ${address}\nCOMMIT`));
    expect(await copied('192.0.2.7')).toEqual(['address 192.0.2.7']);
    expect(await copied('${REALSERVER1}')).toEqual([]);
    const prerouting = (rule: string) =>
      unmatchedOf(
        section(
          'director',
          'nftables',
          `table ip n {\n  chain p {\n    type nat hook prerouting priority -100;\n    ${rule}\n  }\n}`,
        ),
      );
    expect(await prerouting('tcp dport 80 dnat to 192.0.2.7:80')).toEqual(['! address 192.0.2.7']);
    expect(await prerouting('tcp dport 80 dnat to ${REALSERVER1}:80')).toEqual([]);
    expect(await prerouting('tcp dport 22 dnat to 192.0.2.7')).toEqual(['address 192.0.2.7', 'port 80']);
    expect(await prerouting('dnat to tcp dport map { 80 : 192.0.2.7 }')).toEqual(['! address 192.0.2.7']);
    expect(await prerouting('dup to 192.0.2.7 device eth0')).toEqual(['address 192.0.2.7']);
  });
});

describe('a hardware address, a group, a realm, a control group that nobody has', () => {
  it.each([
    [
      '-m mac --mac-source 00:11:22:33:44:55',
      '! mac 00:11:22:33:44:55',
      '-m mac --mac-source ff:ff:ff:ff:ff:ff',
    ],
    ['-m owner --gid-owner 33', '! group 33', '-m owner --gid-owner root'],
    ['-m devgroup --src-group 4', '! devgroup 4', '-m devgroup --src-group 0'],
    ['-m realm --realm 4', '! realm 4', '-m realm --realm 0'],
    ['-m cgroup --path web.slice', '! cgroup web.slice', '-m cgroup --cgroup 0'],
  ])('is told of iptables: %s', async (match, found, twin) => {
    const chain = match.includes('owner') || match.includes('cgroup') ? 'OUTPUT' : 'INPUT';
    expect(await rules(`-A ${chain} ${match} -j ACCEPT`)).toEqual([found]);
    expect(await rules(`-A ${chain} ${twin} -j ACCEPT`)).toEqual([]);
  });

  it.each([
    [
      'ether saddr 00:11:22:33:44:55 accept',
      '! mac 00:11:22:33:44:55',
      'ether daddr ff:ff:ff:ff:ff:ff accept',
    ],
    ['iifgroup 4 accept', '! devgroup 4', 'iifgroup default accept'],
    ['meta skgid 33 accept', '! group 33', 'meta skgid root accept'],
    ['rt classid 4 accept', '! realm 4', 'rt classid cosmos accept'],
    ['socket cgroupv2 level 1 "web.slice" accept', '! cgroup web.slice', 'socket wildcard 0 accept'],
    ['ct mark and 0xff == 0x3 accept', '! mark 0x3', 'ct mark and 0xff == 0x0 accept'],
    ['ct mark & 0xff 0x3 accept', '! mark 0x3', 'ct mark & 0xff != 0x3 accept'],
  ])('is told of nft: %s', async (rule, found, twin) => {
    expect(await nft(rule)).toEqual([found]);
    expect(await nft(twin)).toEqual([]);
  });

  it('may have been given by a command or another rule', async () => {
    const text = section('director', 'rules', filter('-A INPUT -m devgroup --src-group 4 -j ACCEPT'));
    expect(await unmatchedOf(`${text}  commands: ['ip link set eth0 group 4']\n`)).toEqual([]);
    expect(await nft('ct mark set 0x3', 'ct mark and 0xff == 0x3 accept')).toEqual([]);
  });

  it('is a stranger where it is refused', async () => {
    expect(await rules('-A INPUT -m mac --mac-source 00:11:22:33:44:55 -j DROP')).toEqual([
      'mac 00:11:22:33:44:55',
    ]);
    expect(await rules('-A INPUT -m mac ! --mac-source 00:11:22:33:44:55 -j DROP')).toEqual([
      '! mac 00:11:22:33:44:55',
    ]);
  });
});

describe('a set that nobody makes', () => {
  it('is told where a rule would fill it', async () => {
    const found = (sets: string) =>
      unmatchedOf(
        `${section('director', 'rules', filter('-A INPUT -j SET --add-set seen src'))}  ipset: ${sets}\n`,
      );
    expect(await found('create other hash:ip')).toEqual(['set seen']);
    expect(await found('create seen hash:ip')).toEqual([]);
    expect(await nft('add @seen { ip saddr } accept')).toEqual(['set seen']);
    expect(
      await withSets('  set seen { type ipv4_addr; flags dynamic; }', 'add @seen { ip saddr } accept'),
    ).toEqual([]);
  });
});
