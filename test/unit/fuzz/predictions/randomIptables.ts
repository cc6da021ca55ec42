import { Random } from './random.js';

/** A text of iptables-restore with random tables, chains and rules. */
export function randomIptables(seed: number): string {
  const random = new Random(seed);
  const tables = [
    random.maybe(25) ? table('raw', random) : '',
    random.maybe(35) ? table('mangle', random) : '',
    random.maybe(25) ? table('nat', random) : '',
    table('filter', random),
  ];
  return tables.join('');
}

type Table = 'raw' | 'mangle' | 'nat' | 'filter';

const chains: Readonly<Record<Table, readonly string[]>> = {
  raw: ['PREROUTING'],
  mangle: ['PREROUTING', 'INPUT'],
  nat: ['PREROUTING'],
  filter: ['INPUT'],
};

const targets: Readonly<Record<Table, readonly string[]>> = {
  raw: ['CT --notrack', 'NOTRACK', 'ACCEPT', 'DROP', 'RETURN', 'LOG'],
  mangle: [
    ...['ACCEPT', 'DROP', 'RETURN', 'MARK --set-xmark 0x1/0xffffffff', 'MARK --set-xmark 0x2/0x2'],
    ...['MARK --or-mark 0x2', 'MARK --set-mark 0x3/0xf'],
  ],
  nat: ['ACCEPT', 'RETURN', 'REDIRECT --to-ports 8080', 'DNAT --to-destination 192.0.2.10:8081'],
  filter: [
    ...['ACCEPT', 'ACCEPT', 'ACCEPT', 'DROP', 'RETURN', 'LOG', 'REJECT --reject-with icmp-port-unreachable'],
  ],
};

function table(name: Table, random: Random): string {
  const own = ['one', 'two', 'three'].slice(0, random.below(4));
  const all = [...chains[name], ...own];
  const policy = () =>
    name === 'filter' || (name === 'mangle' && random.maybe(10)) ? random.pick(['ACCEPT', 'DROP']) : 'ACCEPT';
  const lines = [
    `*${name}`,
    ...chains[name].map((chain) => `:${chain} ${policy()} [0:0]`),
    ...own.map((chain) => `:${chain} - [0:0]`),
  ];
  for (const [index, chain] of all.entries()) {
    const later = own.filter((one) => all.indexOf(one) > index);
    const count = name === 'filter' ? 1 + random.below(7) : random.below(4);
    for (let rule = 0; rule < count; rule += 1) lines.push(`-A ${chain} ${ruleOf(name, later, random)}`);
  }
  return `${lines.join('\n')}\nCOMMIT\n`.replaceAll(/ +/g, ' ');
}

function ruleOf(name: Table, later: readonly string[], random: Random): string {
  if (later.length > 0 && random.maybe(35))
    return `${matches(name, random)} -${random.pick(['j', 'j', 'g'])} ${random.pick(later)}`;
  if (name === 'filter' && random.maybe(8))
    return '-p tcp -m tcp --dport 80 -j REJECT --reject-with tcp-reset';
  const target = random.pick(targets[name]);
  // Only packets with ports can get others.
  const asked = /REDIRECT|DNAT/.test(target) ? '-p tcp -m tcp --dport 80' : matches(name, random);
  return `${asked} -j ${target}`;
}

/** A few matches, none twice: with the protocol that they need, before all. */
function matches(name: Table, random: Random): string {
  const count = random.pick([0, 1, 1, 2, 2, 3]);
  const found = new Map<string, string>();
  let protocol = '';
  for (let index = 0; index < count; index += 1) {
    const [of, kind, text] = random.pick(kinds)(random);
    const isFree = of === '' || protocol === '' || protocol === of;
    const isHere = kind !== 'state' || name !== 'raw';
    if (!isFree || !isHere || found.has(kind)) continue;
    if (of !== '') protocol = of;
    found.set(kind, text);
  }
  return [protocol === '' ? '' : `-p ${protocol}`, ...found.values()].join(' ');
}

/** A match: the protocol that it needs, what it asks about, and its text. */
type Match = readonly [protocol: string, kind: string, text: string];

const not = (random: Random) => (random.maybe(15) ? '! ' : '');

const kinds: readonly ((random: Random) => Match)[] = [
  () => ['tcp', 'port', '-m tcp --dport 80'],
  () => ['tcp', 'port', '-m tcp --dport 80'],
  (r) => ['tcp', 'port', `-m tcp ${not(r)}--dport ${r.pick(['80', '443', '1:1024', '81:65535'])}`],
  (r) => ['tcp', 'port', `-m multiport ${not(r)}--dports ${r.pick(['22,80', '443,8080', '79:81,22'])}`],
  (r) => ['tcp', 'sport', `-m tcp ${not(r)}--sport ${r.pick(['1024:40000', '40001:65535', '33000'])}`],
  (r) => ['tcp', 'sport', `-m multiport ${not(r)}--sports 33000,50000:60000`],
  (r) => [
    '',
    'source',
    `${not(r)}-s ${r.pick(['10.0.0.0/8', '10.1.0.0/16', '203.0.113.7/32', '0.0.0.0/0'])}`,
  ],
  (r) => ['', 'destination', `${not(r)}-d ${r.pick(['192.0.2.10/32', '192.0.2.0/24', '10.0.0.0/8'])}`],
  (r) => ['', 'interface', `${not(r)}-i ${r.pick(['e0', 'e1', 'e+', 'lo', 'eth0'])}`],
  (r) => [
    ...(['', 'state'] as const),
    `-m state ${not(r)}--state ${r.pick(['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED', 'INVALID,NEW'])}`,
  ],
  (r) => [
    ...(['', 'state'] as const),
    `-m conntrack ${not(r)}--ctstate ${r.pick(['NEW', 'RELATED,ESTABLISHED', 'INVALID', 'NEW,UNTRACKED', 'DNAT'])}`,
  ],
  (r) => [
    ...(['tcp', 'flags'] as const),
    `-m tcp ${not(r)}--tcp-flags ${r.pick(['FIN,SYN,RST,ACK SYN', 'SYN,RST RST', 'FIN FIN', 'ALL FIN,PSH,ACK', 'ALL NONE', 'ACK ACK'])}`,
  ],
  (r) => [r.pick(['tcp', 'udp', 'icmp']), 'none', ''],
  (r) => [
    'icmp',
    'type',
    `-m icmp ${not(r)}--icmp-type ${r.pick(['any', '8', '3', '3/4', 'echo-request', '11'])}`,
  ],
  (r) => ['', 'mark', `-m mark ${not(r)}--mark ${r.pick(['0x1', '0x0', '0x2/0x2', '0x1/0xff'])}`],
  (r) => ['', 'to', `-m addrtype ${not(r)}--dst-type ${r.pick(['LOCAL', 'UNICAST', 'BROADCAST'])}`],
  (r) => ['', 'range', `-m iprange ${not(r)}--src-range 10.1.1.0-10.1.1.255`],
  () => ['', 'comment', '-m comment --comment "a ! b -j DROP"'],
  (r) => ['', 'cast', `-m pkttype ${not(r)}--pkt-type ${r.pick(['unicast', 'broadcast'])}`],
  (r) => ['', 'fragment', `${not(r)}-f`],
];
