import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../../src/scenario/file/loadScenario.js';
import { inFolder, minimal, scenarioOf } from '../scenarioFile.js';
import { inputChain, section, unmatchedOf } from './found.js';

const filter = (...lines: string[]) =>
  ['*filter', ':INPUT DROP [0:0]', ':OUTPUT DROP [0:0]', ...lines, 'COMMIT'].join('\n');
const rules = (...lines: string[]) => unmatchedOf(section('director', 'rules', filter(...lines)));
const nft = (...lines: string[]) => unmatchedOf(section('director', 'nftables', inputChain('drop', lines)));

describe('a policy', () => {
  const restored = (policy: string) =>
    unmatchedOf(section('director', 'rules', `*filter\n${policy}\n-A INPUT -i bond0 -j ACCEPT\nCOMMIT`));

  it('decides about what comes after, however iptables-restore is told of it', async () => {
    for (const policy of [':INPUT DROP [0:0]', '-P INPUT DROP', '--policy INPUT DROP'])
      expect(await restored(policy), policy).toEqual(['! interface bond0']);
    for (const policy of [':INPUT ACCEPT [0:0]', '-P INPUT ACCEPT', '# -P INPUT DROP'])
      expect(await restored(policy), policy).toEqual(['interface bond0']);
  });
});

describe('an interface', () => {
  it.each([
    ['-A INPUT -i eth0 -j ACCEPT', []],
    ['-A INPUT -i eth+ -j ACCEPT', []],
    ['-A INPUT -i bond+ -j ACCEPT', ['! interface bond*']],
    ['-A INPUT ! -i bond0 -j ACCEPT', ['! interface bond0']],
    ['-A INPUT -i ! bond0 -j ACCEPT', ['! interface bond0']],
    ['-A INPUT --in-interface bond0 -j ACCEPT', ['! interface bond0']],
    ['-A OUTPUT -o bond0 -j ACCEPT', ['! interface bond0']],
    ['-A INPUT -m physdev --physdev-in eth0 -j ACCEPT', ['! interface eth0']],
    ['-A INPUT -i bond0 -j LOG', ['interface bond0']],
    ['-A INPUT -i bond0 -p udp -j ACCEPT', ['interface bond0']],
    ['-A INPUT -i bond0 -p tcp -m tcp --dport 8080 -j ACCEPT', ['interface bond0', 'port 80']],
    ['-A INPUT -i bond0 -p tcp -m tcp --dport 1:1024 -j ACCEPT', ['! interface bond0']],
    ['-A INPUT -i bond0 -p tcp -m tcp ! --dport 80 -j ACCEPT', ['interface bond0']],
    ['-A INPUT -m comment --comment "-i bond0" -j ACCEPT', []],
    ['[3:180] -A INPUT -i bond0 -j ACCEPT', ['! interface bond0']],
  ])('of iptables: %s', async (rule, found) => {
    expect(await rules(rule)).toEqual(found);
  });

  it.each([
    ['iifname "bond0" accept', ['! interface bond0']],
    ['iifname bond0 tcp dport 80 accept', ['! interface bond0']],
    ['iifname bond0 tcp dport 22 accept', ['interface bond0', 'port 80']],
    ['iifname != "bond0" accept', ['! interface bond0']],
    ['iifname "eth*" accept', []],
    ['iifname { "bond0", "eth0" } accept', ['interface bond0']],
    ['iifname { bond0, bond1 } accept', ['! interface bond0', '! interface bond1']],
    ['iifname vmap { lo : accept, bond0 : drop }', ['! interface bond0']],
    ['iif "bond0" accept # eth9', ['! interface bond0']],
    ['meta iifname bond0 counter packets 0 bytes 0 accept comment "iifname eth9"', ['! interface bond0']],
    ['iifname bond0 log prefix "drop "', ['interface bond0']],
  ])('of nftables: %s', async (rule, found) => {
    expect(await nft(rule)).toEqual(found);
  });

  it('of a define, of a single command, and of a sysctl', async () => {
    expect(
      await unmatchedOf(
        section(
          'director',
          'nftables',
          'define wan = { bond0 }\ntable ip f {\n  chain c {\n    type filter hook input priority 0;\n    iifname $wan drop\n  }\n}',
        ),
      ),
    ).toEqual(['! interface bond0']);
    expect(
      await unmatchedOf(
        "director: { commands: ['iptables -A INPUT -i bond0 -j DROP', 'nft add rule ip f c iifname eth7 drop'] }\n",
      ),
    ).toEqual(['! interface bond0', 'interface eth7']);
    expect(await unmatchedOf('director: { sysctls: { net.ipv4.conf.bond0.rp_filter: 0 } }\n')).toEqual([
      'interface bond0',
    ]);
    expect(
      await unmatchedOf(
        'director: { interfaces: { bond0: eth0 }, sysctls: { net.ipv4.conf.bond0.rp_filter: 0 } }\n',
      ),
    ).toEqual([]);
  });

  it('that a command makes is there', async () => {
    expect(
      await unmatchedOf(
        "director: { commands: ['ip link add bond0 type dummy', 'iptables -A INPUT -i bond0 -j DROP'] }\n",
      ),
    ).toEqual([]);
  });

  it('of an event is looked for as well', async () => {
    const event = (line: string) => unmatchedOf(`events: [{ at: connected, on: director, ${line} }]\n`);
    expect(await event("commands: ['iptables -I INPUT 1 -i bond0 -j DROP']")).toEqual(['! interface bond0']);
    expect(await event("run: 'iptables -I INPUT 1 -i bond0 -j DROP'")).toEqual(['! interface bond0']);
    expect(await event("run: 'conntrack -F'")).toEqual([]);
  });
});

describe('a rule that lacks something counts', () => {
  it('only where packets of the service come to it', async () => {
    expect(await rules('-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', '-A INPUT -i bond0 -j DROP')).toEqual([
      'interface bond0',
    ]);
    expect(await rules('-A INPUT -i bond0 -j DROP', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT')).toEqual([
      '! interface bond0',
    ]);
    expect(
      await rules(
        '-A INPUT -p tcp -m tcp --dport 80 -m state --state NEW -j ACCEPT',
        '-A INPUT -i bond0 -j DROP',
      ),
    ).toEqual(['! interface bond0']);
    expect(await rules('-N unused', '-A unused -i bond0 -j DROP')).toEqual(['interface bond0']);
    expect(await rules('-A FORWARD -i bond0 -j DROP')).toEqual(['interface bond0']);
  });

  it('only where it changes something', async () => {
    const accepting = (...lines: string[]) =>
      unmatchedOf(
        section('director', 'rules', ['*filter', ':INPUT ACCEPT [0:0]', ...lines, 'COMMIT'].join('\n')),
      );
    expect(await accepting('-A INPUT -i bond0 -j ACCEPT')).toEqual(['interface bond0']);
    expect(await accepting('-A INPUT -i bond0 -j ACCEPT', '-A INPUT -j DROP')).toEqual(['! interface bond0']);
  });

  it('in a chain that another leads to, through a way that is open', async () => {
    expect(await rules('-A INPUT -p tcp -j web', '-A web -i bond0 -j DROP')).toEqual(['! interface bond0']);
    expect(await rules('-A INPUT -p udp -j web', '-A web -i bond0 -j DROP')).toEqual(['interface bond0']);
  });

  it('whatever ways there are: many to one chain, and round in circles', async () => {
    const chains = Array.from({ length: 40 }, (_, index) => [
      `-A c${index} -j c${index + 1}`,
      `-A c${index} -j c${index + 1}`,
    ]).flat();
    expect(await rules('-A INPUT -j c0', ...chains, '-A c40 -j c0', '-A c40 -i bond0 -j DROP')).toEqual([
      '! interface bond0',
    ]);
  });
});

describe('an address', () => {
  const fixed = (...lines: string[]) =>
    unmatchedOf(
      section(
        'director',
        'rules',
        filter(...lines),
        'topology: { subnet: 10.1.0.0/24, vip: 10.1.0.80, addresses: { client: 10.1.0.9 } }\n',
      ),
    );

  it.each([
    ['-A INPUT -d 192.0.2.80/32 -j ACCEPT', ['! address 192.0.2.80/32']],
    ['-A INPUT -d ${VIP}/32 -j ACCEPT', []],
    ['-A INPUT -s ${CLIENT}/255.255.255.0 -j ACCEPT', []],
    ['-A INPUT -s 0.0.0.0/0 -j ACCEPT', []],
    ['-A INPUT -s 192.0.0.0/3 -j ACCEPT', []],
    ['-A INPUT -s 198.18.3.0/24 -j ACCEPT', ['! address 198.18.3.0/24']],
    ['-A INPUT ! -s 192.0.2.0/24 -j ACCEPT', ['! address 192.0.2.0/24']],
    ['-A INPUT -s 192.0.2.0/24 -j DROP', ['address 192.0.2.0/24']],
    ['-A INPUT ! -s 192.0.2.0/24 -j DROP', ['! address 192.0.2.0/24']],
    ['-A INPUT -m iprange --src-range 192.0.2.1-192.0.2.9 -j ACCEPT', ['! address 192.0.2.1-192.0.2.9']],
    ['-A INPUT -s 127.0.0.0/8 ! -i lo -j DROP', []],
  ])('where the network is not fixed: %s', async (rule, found) => {
    expect(await rules(rule)).toEqual(found);
  });

  it('where it is', async () => {
    expect(await fixed('-A INPUT -d 10.1.0.80/32 -j ACCEPT', '-A INPUT -s 10.1.0.9 -j ACCEPT')).toEqual([]);
    expect(await fixed('-A INPUT -d 10.1.0.81/32 -j ACCEPT')).toEqual(['! address 10.1.0.81/32']);
    expect(await fixed('-A INPUT -s 10.1.0.8/255.255.255.254 -j ACCEPT')).toEqual([]);
  });

  it('of nftables, and of IPv6', async () => {
    expect(await nft('ip saddr 192.0.2.0/24 accept')).toEqual(['! address 192.0.2.0/24']);
    expect(await nft('ip saddr { 192.0.2.0/24, ${LAN} } accept')).toEqual([]);
    const six = 'topology: { family: ipv6 }\n';
    expect(
      await unmatchedOf(
        section(
          'director',
          'rules6',
          filter(
            '-A INPUT -s 2001:db8::/32 -j ACCEPT',
            '-A INPUT -s fe80::/10 -j ACCEPT',
            '-A INPUT -d ${VIP} -j ACCEPT',
          ),
          six,
        ),
      ),
    ).toEqual(['! address 2001:db8::/32']);
  });
});

describe('a set', () => {
  const withSet = (elements: string[], rule: string) =>
    unmatchedOf(
      `${section('director', 'rules', filter(rule))}  ipset: |\n    create office hash:net\n${elements.map((one) => `    add office ${one}\n`).join('')}`,
    );

  it('with nobody of the lab in it', async () => {
    const rule = '-A INPUT -m set --match-set office src -j ACCEPT';
    expect(await withSet(['192.0.2.0/24'], rule)).toEqual(['! set office']);
    expect(await withSet(['192.0.2.0/24', '${LAN}'], rule)).toEqual([]);
    expect(await withSet(['192.0.2.0/24'], rule.replace('ACCEPT', 'DROP'))).toEqual(['set office']);
  });

  it('that is empty is so on the site, too', async () => {
    expect(await withSet([], '-A INPUT -m set --match-set office src -j ACCEPT')).toEqual([]);
  });

  it('that nobody makes', async () => {
    expect(await rules('-A INPUT -m set --match-set office src -j ACCEPT')).toEqual(['! set office']);
    expect(await nft('ip saddr @office accept')).toEqual(['! set office']);
  });

  it('is not what `recent` writes down beside it', async () => {
    const rule = '-A INPUT -m set --match-set office src -m recent --set --name seen -j ACCEPT';
    expect(await withSet(['${LAN}'], rule)).toEqual([]);
    expect(await withSet(['192.0.2.0/24'], rule)).toEqual(['! set office']);
  });
});

describe('a match without an option', () => {
  it('may take packets or not, so that the rules behind it count', async () => {
    const behind = (match: string) => rules(`-A INPUT -m ${match} -j ACCEPT`, '-A INPUT -i bond0 -j ACCEPT');
    expect(await behind('rpfilter')).toEqual(['! interface bond0']);
    expect(await behind('comment --comment "all"')).toEqual(['interface bond0']);
  });
});

describe('a mark', () => {
  it.each([
    [['-A INPUT -m mark --mark 0x1 -j ACCEPT'], ['! mark 0x1']],
    [['-A INPUT -m mark --mark 0x0/0xff -j ACCEPT'], []],
    [['-A INPUT -m mark ! --mark 0x1 -j ACCEPT'], []],
    [['-A INPUT -j MARK --set-xmark 0x1/0xffffffff', '-A INPUT -m mark --mark 0x1 -j ACCEPT'], []],
    [
      ['-A INPUT -j MARK --set-xmark 0x2/0xffffffff', '-A INPUT -m mark --mark 0x1 -j ACCEPT'],
      ['! mark 0x1'],
    ],
    [['-A INPUT -j MARK --or-mark 0x4000', '-A INPUT -m mark --mark 0x4000/0x4000 -j ACCEPT'], []],
    [['-A INPUT -j CONNMARK --restore-mark', '-A INPUT -m mark --mark 0x9 -j ACCEPT'], []],
    [['-A INPUT -j HMARK --hmark-mod 4 --hmark-tuple src', '-A INPUT -m mark --mark 0x3 -j ACCEPT'], []],
    [['-A INPUT -j MARK --xor-mark 0x2', '-A INPUT -m mark --mark 0x2 -j ACCEPT'], []],
    [['-A INPUT -j MARK --and-mark 0x2', '-A INPUT -m mark --mark 0x2 -j ACCEPT'], ['! mark 0x2']],
    [['-A INPUT -m connmark --mark 0x9 -j ACCEPT'], ['! mark 0x9']],
  ])('%j', async (lines, found) => {
    expect(await rules(...lines)).toEqual(found);
  });

  it('that the service sets is there', async () => {
    const text = section(
      'director',
      'rules',
      filter('-A INPUT -m mark --mark 7 -j ACCEPT'),
      'topology: { services: [{ port: 80, fwmark: 7 }] }\n',
    );
    expect(await unmatchedOf(text)).toEqual([]);
  });

  it('of nftables', async () => {
    expect(await nft('meta mark 0x1 accept')).toEqual(['! mark 0x1']);
    expect(await nft('meta mark set 0x1', 'meta mark 0x1 accept')).toEqual([]);
  });
});

describe('a user', () => {
  it('whose programs nobody runs', async () => {
    expect(await rules('-A OUTPUT -m owner --uid-owner 33 -j ACCEPT')).toEqual(['! user 33']);
    expect(await rules('-A OUTPUT -m owner --uid-owner root -j ACCEPT')).toEqual([]);
  });
});

describe('a sysctl', () => {
  it('that no kernel has, with the one that was meant', async () => {
    expect(await unmatchedOf('director: { sysctls: { net.ipv4.vs.contrack: 1 } }\n')).toEqual([
      'sysctl net.ipv4.vs.contrack',
    ]);
    expect(
      await unmatchedOf(
        'director: { sysctls: { net.ipv4.vs.conntrack: 1, net.ipv4.conf.eth0.rp_filter: 0 } }\n',
      ),
    ).toEqual([]);
  });
});

describe('rules of the other family', () => {
  it('see nothing of the service', async () => {
    const six = 'topology: { family: ipv6 }\n';
    expect(await unmatchedOf(section('director', 'rules', filter('-A INPUT -j DROP'), six))).toEqual([
      '! family IPv4',
    ]);
    expect(await unmatchedOf(section('director', 'rules6', filter('-A INPUT -j DROP'), six))).toEqual([]);
    expect(await unmatchedOf(section('director', 'rules6', filter('-A INPUT -j DROP')))).toEqual([
      '! family IPv6',
    ]);
  });
});

describe('ports', () => {
  it('that are none of the service', async () => {
    expect(await rules('-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT')).toEqual(['port 80']);
    expect(await rules('-A INPUT -p tcp -m multiport --dports 22,http -j ACCEPT')).toEqual([]);
  });

  it('are told at the rules that name them', async () => {
    const lines = [443, 22, 8443].map(
      (port) => `-A INPUT -p ${port === 22 ? 'udp' : 'tcp'} --dport ${port} -j DROP`,
    );
    const inScenario = await scenarioOf(minimal + section('director', 'rules', filter(...lines)));
    expect(inScenario.unmatched.map(({ place, lines: others }) => ({ place, others }))).toEqual([
      { place: { line: 12, column: 5 }, others: [14] },
    ]);
    const files = {
      'mine.yaml': `${minimal}director: { rules: { file: my.iptables } }\n`,
      'my.iptables': `${filter(...lines)}\n`,
    };
    const inFile = await inFolder(files, (folder) => loadScenario(join(folder, 'mine.yaml')));
    expect(inFile.unmatched.map(({ place, lines: others }) => ({ place, others }))).toEqual([
      { place: { file: 'my.iptables', line: 4, column: 1 }, others: [6] },
    ]);
  });
});
