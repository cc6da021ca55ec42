import type { NumberRange, Term } from '../model/filter.js';

/** A term that never holds. */
export const never: Term = { kind: 'always', negated: true };

/** Something that cannot be known before there are packets; `why` says what it depends on. */
export function opaqueTerm(text: string, why: string): Term {
  return { kind: 'opaque', text, why, negated: false };
}

/** Protocols that rules call by their names. */
const protocols: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  icmp6: 58,
  ospf: 89,
  ipcomp: 108,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};

/** A protocol's number; undefined: the name is not known. */
export function protocolNumber(name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const known = name.toLowerCase();
  return Object.hasOwn(protocols, known) ? protocols[known] : undefined;
}

/** The protocol with this name or number. */
export function protocolTerm(name: string): Term {
  const number = protocolNumber(name);
  return number === undefined
    ? opaqueTerm(`protocol ${name}`, 'the protocol is not known here by this name')
    : { kind: 'protocol', ranges: [[number, number]], negated: false };
}

/** Flags of TCP as iptables and nft name them. */
const flags: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  ECN: 64,
  CWR: 128,
  NONE: 0,
  ALL: 63,
};

/** The bits of flags by their names; undefined: one of them is not known. */
export function flagBits(names: readonly string[]): number | undefined {
  let bits = 0;
  for (const name of names) {
    const bit = flags[name.trim().toUpperCase()];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** Whether a number is in one of the ranges. */
export function isWithin(ranges: readonly NumberRange[], number: number): boolean {
  return ranges.some(([first, last]) => first <= number && number <= last);
}
