import { Random } from './random.js';

/** A table of nft with random chains, rules, sets and maps. */
export function randomNft(seed: number): string {
  const random = new Random(seed);
  const own = ['one', 'two', 'three'].slice(0, random.below(4));
  const lines = [
    'table inet t {',
    ' set nets { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 203.0.113.7 } }',
    ' set pairs { type ipv4_addr . inet_service; elements = { 10.1.1.1 . 80, 203.0.113.7 . 80 } }',
    ' map vm { type ipv4_addr : verdict; elements = { 10.2.2.2 : drop, 10.1.1.1 : accept } }',
  ];
  const chain = (name: string, head: string, rules: readonly string[]) => {
    lines.push(
      ` chain ${name} {`,
      ...(head === '' ? [] : [`  ${head}`]),
      ...rules.map((rule) => `  ${rule}`),
      ' }',
    );
  };
  const some = (count: number, kind: Kind, later: readonly string[] = []) =>
    Array.from({ length: count }, () => ruleOf(kind, later, random));
  for (const [index, name] of [...own.entries()].toReversed())
    chain(name, '', some(random.below(5), 'input', own.slice(index + 1)));
  const head = (type: string, hook: string, priority: string, policy: string) =>
    `type ${type} hook ${hook} priority ${priority}; policy ${policy};`;
  if (random.maybe(30))
    chain('early', head('filter', 'prerouting', 'raw', 'accept'), some(1 + random.below(3), 'prerouting'));
  if (random.maybe(30)) {
    const priority = random.pick(['mangle', 'filter', 'mangle + 10', '-350']);
    const policy = random.pick(['accept', 'accept', 'drop']);
    chain('before', head('filter', 'prerouting', priority, policy), some(1 + random.below(3), 'prerouting'));
  }
  if (random.maybe(20))
    chain('nat', head('nat', 'prerouting', 'dstnat', 'accept'), some(1 + random.below(3), 'nat'));
  const priority = random.pick(['0', 'filter', 'filter + 10', '-5']);
  const policy = random.pick(['accept', 'drop']);
  chain('input', head('filter', 'input', priority, policy), some(1 + random.below(7), 'input', own));
  if (random.maybe(20))
    chain(
      'last',
      head('filter', 'input', '50', random.pick(['accept', 'drop'])),
      some(random.below(3), 'input', own),
    );
  return `${lines.join('\n')}\n}\n`;
}

type Kind = 'input' | 'prerouting' | 'nat';

function ruleOf(kind: Kind, later: readonly string[], random: Random): string {
  const lead = (verb: string) => (later.length > 0 ? `${verb} ${random.pick(later)}` : 'accept');
  if (random.maybe(12))
    return random.pick([
      `ct state vmap { established : accept, related : accept, invalid : ${random.pick(['drop', 'accept', 'continue'])} }`,
      `tcp dport vmap { 80 : ${lead('jump')}, 443 : drop }`,
      `meta protocol vmap { ip : ${lead('goto')}, ip6 : drop }`,
      'iifname . ip saddr vmap { "e0" . 10.1.1.1 : drop, "e1" . 203.0.113.7 : accept }',
      'ip saddr vmap @vm',
    ]);
  const asked = Array.from({ length: random.pick([0, 1, 1, 2, 2, 3]) }, () => random.pick(terms)(random));
  const action = random.pick(actionsOf(kind, later));
  const isPortNeeded = /dnat|redirect/.test(action) && !asked.some((text) => text.startsWith('tcp'));
  return [...(isPortNeeded ? ['meta l4proto tcp'] : []), ...asked, action].join(' ');
}

function actionsOf(kind: Kind, later: readonly string[]): readonly string[] {
  if (kind === 'nat') return ['accept', 'return', 'dnat ip to 192.0.2.10:8081', 'redirect to :8080'];
  const usual = ['accept', 'accept', 'accept', 'drop', 'return', 'log prefix "drop "', 'meta mark set 1'];
  return [
    ...usual,
    'counter packets 3 bytes 4 accept',
    ...(kind === 'prerouting' ? ['notrack', 'notrack'] : ['reject']),
    ...later.flatMap((name) => [`jump ${name}`, `goto ${name}`]),
  ];
}

const ne = (random: Random) => (random.maybe(15) ? '!= ' : '');

const terms: readonly ((random: Random) => string)[] = [
  () => 'tcp dport 80',
  () => 'tcp dport 80',
  (r) => `tcp dport ${ne(r)}${r.pick(['80', '443', '1-1024', '{ 80, 443 }', '{ 22, 1000-2000 }', 'http'])}`,
  (r) => `tcp dport ${r.pick(['>=', '<', '>', '<='])} ${r.pick(['80', '81', '1024'])}`,
  (r) => `tcp sport ${ne(r)}${r.pick(['1024-40000', '33000', '{ 33000, 50000-60000 }'])}`,
  (r) => `th dport ${r.pick(['80', '53'])}`,
  (r) =>
    `ip saddr ${ne(r)}${r.pick(['10.0.0.0/8', '203.0.113.7', '{ 10.1.0.0/16, 203.0.113.0/24 }', '@nets'])}`,
  (r) => `ip daddr ${ne(r)}${r.pick(['192.0.2.10', '192.0.2.0/24'])}`,
  () => 'ip6 saddr 2001:db8::/32',
  (r) => `iifname ${ne(r)}${r.pick(['"e0"', '"e1"', '"e*"', '{ "e0", "lo" }', '"lo"', '"eth0"'])}`,
  (r) => `iif ${ne(r)}"e0"`,
  (r) =>
    `ct state ${r.pick(['', '!= ', '', '! '])}${r.pick(['new', 'invalid', 'established,related', 'untracked', 'new,invalid'])}`,
  (r) => `ct state ${ne(r)}{ new, invalid }`,
  (r) =>
    `tcp flags ${r.pick(['syn', '! syn', '!= syn', '== syn', 'fin,rst', 'syn / fin,syn,rst,ack', '& (fin|syn) == syn', '& (fin | syn | rst | ack) == fin | ack', '{ syn, fin | ack }', '& rst == rst'])}`,
  (r) => `meta l4proto ${ne(r)}${r.pick(['tcp', 'icmp', '{ tcp, udp }'])}`,
  (r) => `ip protocol ${ne(r)}tcp`,
  (r) => `meta nfproto ${r.pick(['ipv4', 'ipv6'])}`,
  (r) => `icmp type ${ne(r)}${r.pick(['destination-unreachable', 'echo-request'])}`,
  (r) => `meta mark ${ne(r)}${r.pick(['1', '0', '{ 1, 2 }'])}`,
  (r) => `fib daddr type ${ne(r)}${r.pick(['local', 'broadcast', 'unicast'])}`,
  (r) => `meta pkttype ${ne(r)}${r.pick(['host', 'broadcast'])}`,
  () => 'ct status dnat',
  () => 'ip saddr . tcp dport { 10.1.1.1 . 80, 10.2.2.2 . 443 }',
  () => 'ip saddr . tcp dport @pairs',
];
