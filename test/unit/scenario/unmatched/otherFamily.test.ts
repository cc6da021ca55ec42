import { describe, expect, it } from 'vitest';
import { section, unmatchedOf } from './found.js';

const six = 'topology: { family: ipv6 }\n';
const filter = (...lines: string[]) =>
  ['*filter', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...lines, 'COMMIT'].join('\n');
const reject = filter('-A INPUT -p tcp -m tcp --dport 80 -j REJECT');
const table = (family: string, ...lines: string[]) =>
  [
    `table ${family} f {`,
    '  chain in {',
    '    type filter hook input priority 0; policy accept;',
    ...lines.map((line) => `    ${line}`),
    '  }',
    '}',
  ].join('\n');
const nft = (family: string, lines: readonly string[], rest: string) =>
  unmatchedOf(section('director', 'nftables', table(family, ...lines), rest));
const commands = (lines: readonly string[], rest = six) =>
  unmatchedOf(`director:\n  commands: ${JSON.stringify(lines)}\n${rest}`);
const event = (run: string) => `events: [{ at: connected, on: director, run: '${run}' }]\n`;

describe('rules of the other family than the service', () => {
  it('are told beside commands that do nothing for the service', async () => {
    const found = (command: string) =>
      unmatchedOf(`${section('director', 'rules', reject)}  commands: ['${command}']\n${six}`);
    expect(await found('true')).toEqual(['! family IPv4']);
    expect(await found('ip6tables -A INPUT -i lo -j ACCEPT')).toEqual(['! family IPv4']);
    expect(await found('ip6tables -A INPUT -p tcp --dport 80 -j REJECT')).toEqual([]);
  });

  it.each([
    ['ip', 'tcp dport 80 drop', 'ip6'],
    ['arp', 'drop', 'ip6'],
    ['inet', 'meta nfproto ipv4 tcp dport 80 drop', 'inet'],
    ['inet', 'nfproto != ipv6 drop', 'inet'],
    ['inet', 'meta protocol ip drop', 'inet'],
    ['inet', 'ip protocol tcp drop', 'inet'],
    ['inet', 'meta nfproto vmap { ipv4 : drop }', 'inet'],
  ])('are told of nft: table %s, %s', async (family, rule, ownFamily) => {
    expect(await nft(family, [rule], six)).toEqual(['! family IPv4']);
    expect(await nft(family, [rule], '')).toEqual([]);
    const swapped = rule.replace(/\b(ipv4|ip|ipv6)\b/, (name) => (name === 'ipv6' ? 'ipv4' : 'ipv6'));
    expect(await nft(ownFamily, [swapped.replace('ipv6 protocol', 'ip6 nexthdr')], six)).toEqual([]);
  });

  it('are told of nft with a service of IPv4, and beside text of the other family', async () => {
    expect(await nft('ip6', ['tcp dport 80 drop'], '')).toEqual(['! family IPv6']);
    const beside = `${section('director', 'nftables', table('ip6', 'tcp dport 80 drop'))}  commands: ['COMMAND']\n`;
    expect(await unmatchedOf(beside.replace('COMMAND', 'true'))).toEqual(['! family IPv6']);
    expect(await unmatchedOf(beside.replace('COMMAND', 'nft add rule ip filter INPUT drop'))).toEqual([]);
  });

  it('are told of a chain of both families that only the other comes to', async () => {
    const text = (family: string) =>
      `table inet f {\n  chain own {\n    tcp dport 80 drop\n  }\n  chain in {\n    type filter hook input priority 0;\n    meta nfproto ${family} jump own\n  }\n}`;
    expect(await unmatchedOf(section('director', 'nftables', text('ipv4'), six))).toEqual(['! family IPv4']);
    expect(await unmatchedOf(section('director', 'nftables', text('ipv6'), six))).toEqual([]);
  });

  it.each([
    'iptables -A INPUT -p tcp --dport 80 -j REJECT',
    'iptables -P INPUT DROP',
    'iptables -t raw -A PREROUTING -j NOTRACK',
    'nft add rule ip filter INPUT tcp dport 80 drop',
  ])('are told of a command, and of an event: %s', async (line) => {
    const own = line.replace(/^iptables/, 'ip6tables').replace('rule ip ', 'rule ip6 ');
    expect(await commands([line])).toEqual(['! family IPv4']);
    expect(await commands([own])).toEqual([]);
    expect(await commands([line, own])).toEqual([]);
    expect(await commands([line], '')).toEqual([]);
    expect(await unmatchedOf(event(line) + six)).toEqual(['! family IPv4']);
    expect(await unmatchedOf(event(own) + six)).toEqual([]);
    expect(await unmatchedOf(event(`${line}; ${own}`) + six)).toEqual([]);
  });

  it('are told where the role refuses by its own and an event by the other', async () => {
    const role = section('director', 'rules6', reject);
    expect(await unmatchedOf(role + event('iptables -A INPUT -j DROP') + six)).toEqual(['! family IPv4']);
    expect(await unmatchedOf(role + event('ip6tables -A INPUT -j DROP') + six)).toEqual([]);
  });

  it('hang on nothing where they are not about the service', async () => {
    expect(await commands(['iptables -A INPUT -p udp -j DROP'])).toEqual(['family IPv4']);
    expect(await commands(['iptables -A INPUT -s 203.0.113.7 -j DROP'])).toEqual([
      'address 203.0.113.7',
      'family IPv4',
    ]);
    expect(await commands(['iptables -A INPUT -j DROP'], `${six}unmatched: accept\n`)).toEqual([
      'family IPv4',
    ]);
  });

  it('are silent side by side, as sites have them', async () => {
    const both = (rules: string, rules6: string) =>
      unmatchedOf(
        section('director', 'rules', rules) +
          section('director', 'rules6', rules6, '').replace('director:\n', ''),
      );
    expect(await both(reject, reject)).toEqual([]);
    // IPv6 is refused as a whole where nobody uses it.
    const accept = filter('-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT');
    expect(await both(accept, filter('-A INPUT -j DROP'))).toEqual([]);
    expect(await both(accept, reject)).toEqual(['! family IPv6']);
  });
});
