import { type Side, subject, type Subject } from './subject.js';
import type { Word } from './word.js';

/** A selector of an nft rule, such as `ip saddr`, and how many words it is. */
export interface Selector {
  readonly subject: Subject;
  readonly length: number;
}

/** Keys of `meta`, which most rules leave out. */
const meta: Readonly<Record<string, Subject>> = {
  iif: subject('interface', 'source'),
  iifname: subject('interface', 'source'),
  oif: subject('interface', 'destination'),
  oifname: subject('interface', 'destination'),
  ibrname: subject('interface'),
  obrname: subject('interface'),
  sdif: subject('interface'),
  sdifname: subject('interface'),
  mark: subject('mark'),
  l4proto: subject('protocol'),
  skuid: subject('user'),
  skgid: subject('group'),
  iifgroup: subject('devgroup', 'source'),
  oifgroup: subject('devgroup', 'destination'),
  rtclassid: subject('realm'),
  nftrace: subject('other'),
  nfproto: subject('family'),
  pkttype: subject('packetType'),
  iiftype: subject('other'),
  oiftype: subject('other'),
  cgroup: subject('other'),
  cpu: subject('other'),
};

/** Fields of headers that are about something that a lab may lack. */
const fields: Readonly<Record<string, Subject>> = {
  'ip saddr': subject('address', 'source'),
  'ip6 saddr': subject('address', 'source'),
  'ip daddr': subject('address', 'destination'),
  'ip6 daddr': subject('address', 'destination'),
  'ip protocol': { ...subject('protocol'), family: 'ipv4' },
  'ip6 nexthdr': { ...subject('protocol'), family: 'ipv6' },
  'meta protocol': subject('family'),
  'ether type': subject('family'),
  'ether saddr': subject('mac', 'source'),
  'ether daddr': subject('mac', 'destination'),
  'ct mark': subject('mark', 'other', 'connection'),
  'ct state': subject('state'),
  'tcp flags': { ...subject('flags'), protocol: 'tcp' },
  'icmp type': { ...subject('icmpType'), protocol: 'icmp' },
  'icmpv6 type': { ...subject('icmpType'), protocol: 'icmpv6' },
  'rt classid': subject('realm'),
};

/** Headers and other things with fields; for some a packet has to be of a protocol. */
const headers: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    [
      ...['ip', 'ip6', 'arp', 'ether', 'vlan', 'th', 'igmp', 'comp', 'gre', 'vxlan', 'geneve', 'ct', 'rt'],
      ...['socket', 'osf', 'tunnel', 'ipsec', 'frag', 'hbh', 'dst', 'mh', 'srh', 'exthdr', 'numgen'],
    ].map((name) => [name, undefined]),
  ),
  ...Object.fromEntries(
    ['tcp', 'udp', 'sctp', 'dccp', 'udplite', 'icmp', 'icmpv6', 'esp', 'ah'].map((name) => [name, name]),
  ),
};

/** The selector that begins at a word; undefined: none does. */
export function selectorAt(words: readonly Word[], index: number): Selector | undefined {
  const first = words[index]?.text ?? '';
  const second = words[index + 1]?.text ?? '';
  if (first === 'meta')
    return {
      subject: inTable(meta, second) ?? inTable(fields, `meta ${second}`) ?? subject('other'),
      length: 2,
    };
  const short = inTable(meta, first);
  if (short !== undefined) return { subject: short, length: 1 };
  if (first === 'fib') return routeAt(words, index);
  // A piece of a header: `@th,16,16`.
  if (['@ll', '@nh', '@th', '@ih'].includes(first)) return { subject: subject('other'), length: 5 };
  if (!Object.hasOwn(headers, first)) return undefined;
  const protocol = headers[first];
  const given = protocol === undefined ? {} : { protocol };
  const port = { dport: 'destination', sport: 'source' } as const;
  if (second === 'dport' || second === 'sport')
    return { subject: { ...subject('port', port[second]), ...given }, length: 2 };
  const known = inTable(fields, `${first} ${second}`);
  if (known !== undefined) return { subject: known, length: 2 };
  return longAt(words, index) ?? { subject: { ...subject('other'), ...given }, length: 2 };
}

/** Selectors of three words and more. */
function longAt(words: readonly Word[], index: number): Selector | undefined {
  const [first = '', second = '', third = '', fourth = ''] = words
    .slice(index, index + 4)
    .map(({ text }) => text);
  switch (first) {
    case 'ct': {
      if (second !== 'original' && second !== 'reply') return undefined;
      const hasFamily = third === 'ip' || third === 'ip6';
      const side = sideOf(hasFamily ? fourth : third, second === 'reply');
      return {
        subject: side === 'other' ? subject('other') : subject('address', side, 'connection'),
        length: hasFamily ? 4 : 3,
      };
    }
    case 'arp':
      return third === 'ip' || third === 'ether'
        ? {
            subject: subject(third === 'ip' ? 'address' : 'mac', sideOf(second, false), 'elsewhere'),
            length: 3,
          }
        : undefined;
    case 'socket':
      return second === 'cgroupv2' ? { subject: subject('cgroup'), length: 4 } : undefined;
    case 'tcp':
    case 'ip':
    case 'sctp':
    case 'dccp':
      return second === 'option' || second === 'chunk'
        ? { subject: { ...subject('other'), ...(first === 'tcp' && { protocol: 'tcp' }) }, length: 4 }
        : undefined;
    case 'rt':
      return second === 'ip' || second === 'ip6' ? { subject: subject('other'), length: 3 } : undefined;
    case 'ipsec': {
      const isNumbered = third === 'spnum';
      const key = isNumbered ? (words[index + 4]?.text ?? '') : third;
      const hasFamily = key === 'ip' || key === 'ip6';
      const length = (isNumbered ? 5 : 3) + (hasFamily ? 1 : 0);
      const side = sideOf(words[index + length - 1]?.text ?? '', false);
      return { subject: hasFamily ? subject('address', side, 'elsewhere') : subject('other'), length };
    }
    case 'numgen':
      return { subject: subject('other'), length: words[index + 4]?.text === 'offset' ? 6 : 4 };
    default:
      return undefined;
  }
}

/** `fib daddr type`, `fib saddr . iif oif`: what a look at the routes finds. The interface that it finds has a name, as one that packets leave by. */
function routeAt(words: readonly Word[], index: number): Selector {
  let at = index + 2;
  while (words[at]?.text === '.') at += 2;
  const result = words[at]?.text;
  const length = at + 1 - index;
  if (result === 'oif' || result === 'oifname')
    return { subject: subject('interface', 'destination', 'elsewhere'), length };
  const side = sideOf(words[index + 1]?.text ?? '', false);
  const isType = result === 'type' && length === 3 && side !== 'other';
  return { subject: isType ? subject('addressType', side) : subject('other'), length };
}

/** Which side of the connection a field is about: in a reply, the source is the destination of what was asked. */
function sideOf(field: string, isReply: boolean): Side {
  if (field !== 'saddr' && field !== 'daddr') return 'other';
  return (field === 'saddr') === isReply ? 'destination' : 'source';
}

function inTable(table: Readonly<Record<string, Subject>>, key: string): Subject | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
