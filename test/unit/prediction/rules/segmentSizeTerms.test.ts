import { describe, expect, it } from 'vitest';
import { predict } from '../../../../src/prediction/predict.js';
import { readSite } from '../../../../src/site/readSite.js';

const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g -w 1\n';

/** What a service comes to behind rules. */
function outcomeOf(rules: string): string | undefined {
  const files = [
    { name: 'rules', text: rules },
    { name: 'services', text: services },
  ];
  const named = { services: [], forwarding: undefined, clientSide: undefined, serverSide: undefined };
  return predict(readSite(files), { ...named, clients: [] }).services[0]?.outcome;
}

const byIptables = (match: string) =>
  outcomeOf(`*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp ${match} -j DROP\nCOMMIT\n`);
const byNft = (match: string) =>
  outcomeOf(
    `table inet f {\n  chain input {\n    type filter hook input priority 0; policy accept;\n    ${match} drop\n  }\n}\n`,
  );

describe('the size of segments that a SYN announces', () => {
  it.each([
    // Without an option iptables takes a packet for one of another size, and to a director each is the first of a flow.
    ['-m conntrack --ctstate NEW -m tcpmss ! --mss 536:65535', 'transfer-blocked'],
    ['--tcp-flags SYN SYN -m tcpmss ! --mss 536:65535', 'healthy'],
    ['-m tcpmss --mss 1:535', 'healthy'],
    ['-m tcpmss --mss 536:1460', 'unreachable'],
    ['-m tcpmss ! --mss 1:535', 'unreachable'],
    ['-m tcpmss --mss 1:1000', 'unknown'],
  ])('is asked for by iptables: %s', (match, outcome) => {
    expect(byIptables(match)).toBe(outcome);
  });

  it.each([
    ['tcp option maxseg size 1-535', 'healthy'],
    ['tcp option maxseg size < 536', 'healthy'],
    ['tcp option maxseg size != 536-65535', 'healthy'],
    ['tcp option maxseg size 536-65535', 'unreachable'],
    ['tcp option maxseg size >= 536', 'unreachable'],
    ['tcp option maxseg size 1-1000', 'unknown'],
  ])('is asked for by nft, which takes no packet without it: %s', (match, outcome) => {
    expect(byNft(match)).toBe(outcome);
  });
});

describe('pieces of packets', () => {
  it.each([
    ['ip frag-off & 0x1fff != 0', 'healthy'],
    ['ip frag-off & 16383 > 0', 'healthy'],
    ['ip frag-off & 0x1fff == 0', 'unreachable'],
    ['ip frag-off & 0x4000 != 0', 'unknown'],
  ])('are none of a service: %s', (match, outcome) => {
    expect(byNft(match)).toBe(outcome);
  });
});

describe('a chain without a name', () => {
  it('is not followed, and never taken for one that accepts', () => {
    expect(byNft('tcp dport 80 jump { ct state invalid drop; accept; }\n    tcp dport 81')).toBe('unknown');
    expect(byNft('tcp dport 81')).toBe('healthy');
  });
});
