import { clientKey } from '../../../evidence/model/connectionKey.js';
import type { CapturedSegment, NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { LabNodes } from '../../captures/labNodes.js';
import type { ConnectionFate } from '../../model/verdict.js';
import { named, type OtherCause } from './cause.js';

/** What a kernel counts of IP packets that came to it, before anything can throw them away: one of these for each, by its ECN bits. */
const arrivals = {
  ipv4: ['IpExtInNoECTPkts', 'IpExtInECT1Pkts', 'IpExtInECT0Pkts', 'IpExtInCEPkts'],
  ipv6: ['Ip6InNoECTPkts', 'Ip6InECT1Pkts', 'Ip6InECT0Pkts', 'Ip6InCEPkts'],
} as const;

/**
 * That what the directors sent on to the connection's realserver did not come there: its kernel counted fewer packets, and nothing was heard of
 * it any more; or that it did not answer when a director asked for its hardware address. Undefined: it is not seen.
 */
export function unreceivedCause(
  phase: PhaseEvidence,
  { directors, serving }: Pick<LabNodes, 'directors' | 'serving'>,
  { client, realserver: name }: ConnectionFate,
): OtherCause | undefined {
  const realserver = serving.find((node) => node.name === name);
  if (realserver === undefined || directors.includes(realserver)) return undefined;
  const { macs, addresses } = realserver;
  const heard = lastHeard(phase, realserver);
  const sent = directors.flatMap((director) =>
    (director.capture?.segments ?? []).filter(
      ({ sourceMac, destinationMac }) => director.macs.includes(sourceMac) && macs.includes(destinationMac),
    ),
  );
  const own = sent.filter(
    (one) => one.time > heard && clientKey(one.source, one.sourcePort) === client && isToBeAnswered(one),
  );
  const received = receivedBy(realserver, phase.vip);
  const lost = received === undefined ? 0 : sent.length - received;
  const questions = directors.flatMap((director) =>
    (director.capture?.neighbours ?? []).filter(
      ({ time, asks, sourceMac }) =>
        time > heard && asks !== undefined && addresses.includes(asks) && director.macs.includes(sourceMac),
    ),
  );
  const because = [
    // The first one may have come just before it fell silent.
    ...(own.length > 0 && lost >= Math.max(1, own.length - 1)
      ? [
          `IPVS sent ${sent.length} packets to ${realserver.name}, and its kernel counted ${received ?? 0} that came: ${lost} did not; nothing came from ${realserver.name} any more, though ${own.length} more of the connection's asked for an answer`,
        ]
      : []),
    ...(questions.length > 0
      ? [
          `the director asked ${questions.length === 1 ? 'once' : `${questions.length} times`} for the hardware address of ${realserver.name}, and nobody answered`,
        ]
      : []),
  ];
  return because.length === 0
    ? undefined
    : { blame: { kind: 'path', what: 'forwarded', ...named(realserver) }, because };
}

/** A realserver need not answer an acknowledgement. */
function isToBeAnswered({ payloadLength, flags }: CapturedSegment): boolean {
  return payloadLength > 0 || flags.syn || flags.fin;
}

/** When any capture last had a packet of the node's; -Infinity: none has. */
function lastHeard({ nodes }: PhaseEvidence, { macs }: NodeEvidence): number {
  return nodes
    .flatMap(({ capture }) => [
      ...(capture?.segments ?? []),
      ...(capture?.icmp ?? []),
      ...(capture?.neighbours ?? []),
    ])
    .filter(({ sourceMac }) => macs.includes(sourceMac))
    .reduce((last, { time }) => Math.max(last, time), -Infinity);
}

/** How many packets of the service's family came to the node; undefined: its kernel does not count them. */
function receivedBy({ counters }: NodeEvidence, vip: string): number | undefined {
  const names = arrivals[vip.includes(':') ? 'ipv6' : 'ipv4'];
  if (counters[names[0]] === undefined) return undefined;
  return names.reduce((sum, name) => sum + (counters[name] ?? 0), 0);
}
