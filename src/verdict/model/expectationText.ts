import type { CapturedSegment } from '../../evidence/model/evidence.js';
import type { Bounds, Expectation, ExpectedOfSome, Signal } from '../../scenario/model/expectation.js';
import { durationText } from '../../support/duration.js';

/** ICMP codes of destination-unreachable, spelled as iptables spells them. Source: RFC 792, RFC 1122, RFC 1812. */
const unreachableCodes: readonly (string | undefined)[] = [
  'network-unreachable',
  'host-unreachable',
  'protocol-unreachable',
  'port-unreachable',
  'fragmentation-needed',
  'source-route-failed',
  'network-unknown',
  'host-unknown',
  'source-host-isolated',
  'network-prohibited',
  'host-prohibited',
  'TOS-network-unreachable',
  'TOS-host-unreachable',
  'communication-prohibited',
  'host-precedence-violation',
  'precedence-cutoff',
];

/**
 * The same of ICMPv6, spelled as ip6tables spells them. Its types 1 and 2 are no errors of ICMP's, so the number alone tells the
 * two apart; 3 and 4 are named as ICMP's. Source: RFC 4443.
 */
const unreachableCodes6: readonly (string | undefined)[] = [
  'no-route',
  'adm-prohibited',
  'beyond-scope',
  'addr-unreachable',
  'port-unreachable',
  'policy-fail',
  'reject-route',
];

const otherTypes: Readonly<Record<number, string>> = {
  4: 'source-quench',
  5: 'redirect',
  11: 'time-exceeded',
  12: 'parameter-problem',
};

/** `ICMP 3/10 (host-prohibited)`, `ICMPv6 1/1 (adm-prohibited)`. */
export function icmpText(type: number, code: number): string {
  if (type === 1 || type === 2) {
    const name = type === 1 ? unreachableCodes6[code] : 'packet-too-big';
    return `ICMPv6 ${type}/${code}${name === undefined ? '' : ` (${name})`}`;
  }
  const name = type === 3 ? unreachableCodes[code] : otherTypes[type];
  return `ICMP ${type}/${code}${name === undefined ? '' : ` (${name})`}`;
}

/** `ICMP 3/10 (host-prohibited) from director`, `TCP reset from realserver`, `silence`. */
export function signalText(signal: Signal): string {
  switch (signal.kind) {
    case 'icmp':
      return `${icmpText(signal.type, signal.code)} from ${signal.from}`;
    case 'tcp-reset':
      return `TCP reset from ${signal.from}`;
    case 'silence':
      return 'silence';
  }
}

/**
 * `close-blocked with ICMP 3/10 (host-prohibited) from director`, or the outcome alone when any signal will do; with
 * ` in at least 3 connections` where not all have to, `, connect() at least 0.9 s` where that is bounded, `, at least 3 healthy` and the like for parts that are named, and `, flows healthy` where flows are expected to fare otherwise.
 */
export function expectationText(expectation: Expectation): string {
  const { outcome, connections, signal, connect, firstByte, mix, realservers, later, sockets, flows } =
    expectation;
  const what = signal === undefined ? outcome : `${outcome} with ${signalText(signal)}`;
  return [
    connections === undefined ? what : `${what} in ${boundsText(connections)} connections`,
    ...(connect === undefined ? [] : [`connect() ${boundsText(connect, measuredSecondsText)}`]),
    ...(firstByte === undefined ? [] : [`first byte ${boundsText(firstByte, measuredSecondsText)}`]),
    ...Object.entries(mix ?? {}).map(([fate, bounds]) => `${boundsText(bounds)} ${fate}`),
    ...Object.entries(realservers ?? {}).map(([name, served]) => `${name} ${someText(served)}`),
    ...(later === undefined ? [] : [`of those opened later ${someText(later)}`]),
    ...Object.entries(sockets ?? {}).flatMap(([name, states]) =>
      Object.entries(states).map(([state, bounds]) => `${name} ${boundsText(bounds)} in ${state}`),
    ),
    ...(flows?.outcome === undefined || flows.outcome === outcome ? [] : [`flows ${flows.outcome}`]),
  ].join(', ');
}

function someText({ outcome, connections }: ExpectedOfSome): string {
  return [connections === undefined ? 'all' : boundsText(connections), outcome ?? []].flat().join(' ');
}

/** `at least 3 and at most 5`. */
export function boundsText({ atLeast, atMost }: Bounds, format: (value: number) => string = String): string {
  return [
    ...(atLeast === undefined ? [] : [`at least ${format(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${format(atMost)}`]),
  ].join(' and ');
}

/** A time that a file bounds, and one that is held against the bounds: `900 ms`, `1.02 s`. */
export function measuredSecondsText(seconds: number): string {
  return durationText(seconds, 'set');
}

/** TCP flags as tcpdump writes them: `S`, `S.`, `F.`, `P.`, `R`, `.`; `?` where the flags are not known. */
export function flagsText(flags: CapturedSegment['flags'] | undefined): string {
  if (flags === undefined) return '?';
  const letters = [flags.fin && 'F', flags.syn && 'S', flags.rst && 'R', flags.psh && 'P', flags.ack && '.'];
  return letters.filter((letter) => letter !== false).join('') || 'none';
}

/** `7 of 10 connections close-blocked, 3 healthy`. */
export function fateCountsText(fates: Readonly<Record<string, number>>, total: number): string {
  return countsText(fates, total, 'connections');
}

/** How many of `total` things came to what, most of them first: `all 40000 flows closed`. */
export function countsText(counts: Readonly<Record<string, number>>, total: number, noun: string): string {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  const [first, ...rest] = sorted.map(([name, count]) => ({ name, count }));
  if (first === undefined) return `no ${noun}`;
  const head =
    first.count === total
      ? `all ${total} ${noun} ${first.name}`
      : `${first.count} of ${total} ${noun} ${first.name}`;
  return [head, ...rest.map(({ name, count }) => `${count} ${name}`)].join(', ');
}
