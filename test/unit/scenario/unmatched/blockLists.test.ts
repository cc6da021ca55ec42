import { describe, expect, it } from 'vitest';
import { inputChain, section, unmatchedOf } from './found.js';

const rules = (role: string, lines: readonly string[], rest?: string) =>
  unmatchedOf(
    section(role, 'rules', ['*filter', ':INPUT ACCEPT [0:0]', ...lines, 'COMMIT'].join('\n'), rest),
  );
const director = (...lines: string[]) => rules('director', lines);
const nft = (...lines: string[]) => unmatchedOf(section('director', 'nftables', inputChain('accept', lines)));

describe('a rule that refuses a source that nobody in the lab has', () => {
  it('hangs on nothing where it names hosts or networks outside among what clients send', async () => {
    expect(await director('-A INPUT -s 203.0.113.7 -j DROP')).toEqual(['address 203.0.113.7']);
    expect(await director('-A INPUT -s 203.0.113.0/24 -j DROP')).toEqual(['address 203.0.113.0/24']);
    // A private address alone is a host like others.
    expect(await director('-A INPUT -s 10.1.2.3/32 -j DROP')).toEqual(['address 10.1.2.3/32']);
    expect(await rules('realserver', ['-A INPUT -s 203.0.113.7 -j DROP'])).toEqual(['address 203.0.113.7']);
  });

  it.each(['10.0.0.0/8', '172.16.0.0/255.240.0.0', '192.168.0.0/16', '10.0.0.1-10.0.0.9'])(
    'counts where the network is private: %s',
    async (network) => {
      const match = network.includes('-') ? `-m iprange --src-range ${network}` : `-s ${network}`;
      expect(await director(`-A INPUT ${match} -j DROP`)).toEqual([`! address ${network}`]);
      expect(await nft(`ip saddr ${network} drop`)).toEqual([`! address ${network}`]);
      expect(await director(`-A INPUT ${match} -p udp -j DROP`)).toEqual([`address ${network}`]);
    },
  );

  it('counts where a set of those refused has a private network', async () => {
    const set = (element: string) =>
      unmatchedOf(
        `${section('director', 'rules', '*filter\n-A INPUT -m set --match-set deny src -j DROP\nCOMMIT')}  ipset: |\n    create deny hash:net\n    add deny 203.0.113.7\n    add deny ${element}\n`,
      );
    expect(await set('10.0.0.0/8')).toEqual(['! set deny']);
    expect(await set('10.0.0.1')).toEqual(['set deny']);
  });

  it.each([
    ['-m state --state INVALID', '-m limit --limit 1/s'],
    ['-m conntrack --ctstate INVALID', '-m conntrack --ctstatus NONE'],
  ])('counts where it asks for a state: %s', async (match, other) => {
    expect(await director(`-A INPUT -s 203.0.113.7 ${match} -j DROP`)).toEqual(['! address 203.0.113.7']);
    expect(await director(`-A INPUT -s 203.0.113.7 ${other} -j DROP`)).toEqual(['address 203.0.113.7']);
    const jump = (asked: string) =>
      director('-A INPUT -s 203.0.113.7 -j DENY', '-A DENY -j LOG', `-A DENY ${asked} -j REJECT`);
    expect(await jump(match)).toEqual(['! address 203.0.113.7']);
    expect(await jump(other)).toEqual(['address 203.0.113.7']);
  });

  it.each(['ct state invalid', 'ct state { invalid, untracked }', 'ct state & invalid != 0'])(
    'counts where it asks for a state in nft: %s',
    async (match) => {
      expect(await nft(`ip saddr 203.0.113.7 ${match} drop`)).toEqual(['! address 203.0.113.7']);
      expect(await nft('ip saddr 203.0.113.7 ct direction original drop')).toEqual(['address 203.0.113.7']);
    },
  );

  it('counts where it asks for an interface that is not there, too, until that is named', async () => {
    const text = (rest: string) =>
      rules('director', ['-A INPUT -i bond0 -s 203.0.113.0/24 -p tcp --dport 80 -j DROP'], rest);
    expect(await text('')).toEqual(['! interface bond0', '! address 203.0.113.0/24']);
    expect(await text('  interfaces: { bond0: eth0 }\n')).toEqual(['address 203.0.113.0/24']);
    expect(await text('  interfaces: { bond0: none }\n')).toEqual(['address 203.0.113.0/24']);
  });

  it('counts among what the site itself sends: its VIP, or a network of realservers, written out', async () => {
    for (const [role, rule, rest] of [
      ['realserver', '-A OUTPUT -s 203.0.113.7 -p tcp --sport 80 -j DROP', ''],
      ['client', '-A INPUT -s 203.0.113.7 -p tcp --sport 80 -j DROP', ''],
      ['client', '-A OUTPUT -s 203.0.113.7 -j DROP', ''],
      [
        'director',
        '-A FORWARD -s 203.0.113.7 -p tcp --sport 80 -j DROP',
        'topology: { forwarding: nat, realservers: 1 }\n',
      ],
      ['router', '-A FORWARD -s 203.0.113.7 -p tcp --sport 80 -j DROP', 'topology: { network: routed }\n'],
    ] as const) {
      expect(await rules(role, [rule], rest), rule).toEqual(['! address 203.0.113.7']);
      expect(await rules(role, [rule.replace('203.0.113.7', '${VIP}')], rest), rule).toEqual([]);
    }
  });

  it('is one of outsiders where both ways pass it', async () => {
    const both = 'topology: { network: routed }\n';
    expect(await rules('router', ['-A FORWARD -s 203.0.113.7 -j DROP'], both)).toEqual([
      'address 203.0.113.7',
    ]);
    expect(await rules('router', ['-A FORWARD -s 203.0.113.7 -p tcp --dport 80 -j DROP'], both)).toEqual([
      'address 203.0.113.7',
    ]);
  });
});
