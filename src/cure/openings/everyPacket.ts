import type { Family } from '../../contracts/words/network.js';
import {
  type ConntrackState,
  type NumberRange,
  type Term,
  trackedStates,
} from '../../prediction/model/filter.js';

/** A kind of packets that rules tell from others: what is in its header, and what conntrack calls it. */
export interface EveryKind {
  readonly protocol: number;
  readonly flags: number | undefined;
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
  readonly state: ConntrackState;
}

/** Protocols whose packets have ports. */
export const withPorts: readonly number[] = [6, 17, 33, 132, 136];

const tcp = 6;
const [ack, synAck, syn, fin, rst] = [0x10, 0x12, 0x02, 0x01, 0x04] as const;

/** The flags by which conntrack goes. */
const deciding = syn | fin | rst | ack;

/** All kinds of packets that these terms tell apart: one of each. What IPVS sends on goes out UNTRACKED. */
export function everyKind(terms: readonly Term[], family: Family, isOut: boolean): readonly EveryKind[] {
  const kinds = trackedKinds(terms, family);
  if (!isOut) return kinds;
  const untracked = kinds.map((kind): EveryKind => ({ ...kind, state: 'UNTRACKED' }));
  return [...kinds, ...new Map(untracked.map((kind) => [JSON.stringify(kind), kind])).values()];
}

function trackedKinds(terms: readonly Term[], family: Family): readonly EveryKind[] {
  const asked = terms.flatMap((term) => (term.kind === 'protocol' ? term.ranges : []));
  const icmp = family === 'ipv4' ? 1 : 58;
  const named = new Set([tcp, 17, icmp, ...ends(asked)]);
  return [...named].flatMap((protocol): readonly EveryKind[] => {
    if (protocol === tcp)
      return flagsToldApart(terms).flatMap((flags) =>
        tcpStates(flags).map((state) => ({ protocol, flags, icmp: undefined, state })),
      );
    if (protocol === icmp)
      return icmpToldApart(terms).flatMap((type) =>
        // Conntrack lets pass by what neighbours find each other with.
        (family === 'ipv6' && type.type >= 133 && type.type <= 137
          ? (['UNTRACKED'] as const)
          : trackedStates
        ).map((state) => ({
          protocol,
          flags: undefined,
          icmp: type,
          state,
        })),
      );
    return trackedStates.map((state) => ({
      protocol,
      flags: undefined,
      icmp: undefined,
      state,
    }));
  });
}

/** The first of each range, and a number of which none has it. */
function ends(ranges: readonly NumberRange[]): readonly number[] {
  const named = ranges.flatMap(([first, last]) => [first, last]).filter((number) => number <= 255);
  const other = [253, 254, 143].find(
    (number) => !ranges.some(([first, last]) => first <= number && number <= last),
  );
  return [...named, ...(other === undefined ? [] : [other])];
}

/** Values of TCP's flags, one of each group that neither conntrack nor a term tells apart; those of real connections stand for their group. */
function flagsToldApart(terms: readonly Term[]): readonly number[] {
  const asked = terms.filter((term) => term.kind === 'flags');
  const groups = new Map<string, number>();
  const usual = [syn, synAck, ack, 0x18, fin | ack, fin | 0x18, rst, rst | ack];
  for (const flags of [...usual, ...Array.from({ length: 64 }, (_, value) => value)]) {
    const answers = asked.map(({ mask, values }) => values.includes(flags & mask));
    const key = JSON.stringify([answers, flags & deciding]);
    if (!groups.has(key)) groups.set(key, flags);
  }
  return [...groups.values()];
}

/** What conntrack may call a segment: tcp_new() and tcp_error() of the kernel, or that of a connection that it knows. */
function tcpStates(flags: number): readonly ConntrackState[] {
  if (!isOfConnections(flags)) return ['INVALID'];
  const [hasSyn, hasFin, hasRst, hasAck] = [syn, fin, rst, ack].map((bit) => (flags & bit) !== 0);
  if (hasFin === true || hasRst === true) return ['ESTABLISHED', 'INVALID'];
  if (hasSyn === true) return hasAck === true ? ['ESTABLISHED', 'INVALID'] : trackedStates;
  return ['NEW', 'ESTABLISHED', 'INVALID'];
}

/** Whether a segment has flags that connections have; the others are INVALID to conntrack, whatever it knows. */
export function isOfConnections(flags: number): boolean {
  const [hasSyn, hasFin, hasRst, hasAck] = [syn, fin, rst, ack].map((bit) => (flags & bit) !== 0);
  const isOne = [hasSyn, hasFin, hasRst].filter(Boolean).length <= 1;
  return isOne && (hasSyn === true || hasRst === true || hasAck === true);
}

function icmpToldApart(terms: readonly Term[]): readonly { readonly type: number; readonly code: number }[] {
  const named = terms.flatMap((term) => (term.kind === 'icmp' ? term.types : []));
  const found = [...named.map(({ type, code }) => ({ type, code: code ?? 255 })), { type: 254, code: 0 }];
  const others = named.flatMap(({ type, code }) => (code === undefined ? [] : [{ type, code: 254 }]));
  return [...new Map([...found, ...others].map((one) => [`${one.type}/${one.code}`, one])).values()];
}
