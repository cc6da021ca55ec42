import { describe, expect, it } from 'vitest';
import { minimal, scenarioOf } from '../scenarioFile.js';
import { section, unmatchedOf } from './found.js';

const iptables = (...lines: string[]) => ['*filter', ...lines, 'COMMIT'].join('\n');
const accept = '-A ufw-user-input -p tcp --dport 80 -j ACCEPT';
const ofUfw = iptables(':ufw-user-input - [0:0]', accept);
const web = 'table inet shop {\n  chain web {\n    tcp dport 80 accept\n  }\n}';
const input = 'table inet a {\n  chain in {\n    type filter hook input priority 0;\n    accept\n  }\n}';

describe('rules to which no packet comes', () => {
  it('are told, at their first line, and count', async () => {
    const { unmatched } = await scenarioOf(minimal + section('director', 'rules', ofUfw));
    expect(unmatched).toEqual([
      expect.objectContaining({
        ...{ kind: 'table', name: 'filter', counts: true },
        message:
          "no packet comes to these rules of the director: there is not a chain of table filter that the kernel calls (INPUT, ...), so they are a part of a site's; give all that `iptables-save` prints",
      }),
    ]);
  });

  it.each([
    ['of another table', `*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n${ofUfw}`],
    ['with the chain of another table', `*nat\n-A PREROUTING -j ACCEPT\nCOMMIT\n${ofUfw}`],
  ])('are told %s', async (_, text) => {
    expect(await unmatchedOf(section('director', 'rules', text))).toEqual(['! table filter']);
  });

  it('are told of nft', async () => {
    expect(await unmatchedOf(section('director', 'nftables', web))).toEqual(['! table nft']);
    expect(await unmatchedOf(section('director', 'nftables', `${web}\n${input}`))).toEqual([]);
  });

  it.each([
    ['the kernel calls a chain that leads to them', iptables('-A INPUT -j ufw-user-input', accept)],
    ['a chain beside them is called', iptables(':INPUT ACCEPT [0:0]', ':ufw-user-input - [0:0]', accept)],
    ['there is none', iptables(':ufw-user-input - [0:0]')],
  ])('are not where %s', async (_, text) => {
    expect(await unmatchedOf(section('director', 'rules', text))).toEqual([]);
  });

  it('are not where a command leads to them, or an event adds to them', async () => {
    const led = "  commands: ['iptables -A INPUT -j ufw-user-input']\n";
    expect(await unmatchedOf(section('director', 'rules', ofUfw, led))).toEqual([]);
    const added = `events: [{ at: connected, on: director, run: '${accept.replace('-A', 'iptables -A')}' }]\n`;
    const whole = iptables(':INPUT ACCEPT [0:0]', '-A INPUT -j ufw-user-input', accept);
    expect(await unmatchedOf(section('director', 'rules', whole, added))).toEqual([]);
  });
});
