import { clientKey, hasDatagrams } from '../../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { ListedService, ServicesFrom } from '../../../evidence/model/traced.js';
import { icmpText } from '../../model/expectationText.js';
import type { ConnectionFate, PhaseFinding } from '../../model/verdict.js';
import { capturedKind, type FollowedNode } from '../packets/followedPackets.js';
import { afterLoadText, tracedPacketText } from '../packets/tracedPacketText.js';
import { named, type OtherCause } from './cause.js';
import { notSentOn } from './notSentOn.js';

type Signal = PhaseFinding['signal'];
type Icmp = Extract<Signal, { readonly kind: 'icmp' }>;

/**
 * That IPVS on a director had no service for a packet of the connection, or one that gave it no realserver; undefined: it is not seen. No rule
 * of the director has taken the packet: that is asked before.
 */
export function serviceCause(
  phase: PhaseEvidence,
  { signal }: PhaseFinding,
  { client }: ConnectionFate,
  { node, traced }: FollowedNode,
): OtherCause | undefined {
  const { services: history = [], packets } = traced;
  const asked = serviceAsked(phase, client);
  if (node === undefined || asked === undefined || packets === undefined) return undefined;
  for (const segment of notSentOn(node, client)) {
    const then = history.findLast(({ time }) => time <= segment.time);
    if (then === undefined) continue;
    const what = tracedPacketText({ kind: capturedKind(segment), message: undefined });
    const missed = { node, asked, what };
    const own = servicesFor(asked, then);
    if (own.length === 0) return goneCause(phase, signal, { ...missed, then, history });
    if (isFromIpvs(signal) && !hasEntry(phase, node, client)) return withoutRealserver(signal, missed, own);
  }
  return undefined;
}

/** A packet that IPVS did not send on. */
interface Missed {
  readonly node: NodeEvidence;
  /** The service that it was for, as ipvsadm names it: `-t 10.0.0.9:80`. */
  readonly asked: string;
  /** Its name: `SYN`. */
  readonly what: string;
}

function goneCause(
  { load }: PhaseEvidence,
  signal: Signal,
  {
    node,
    asked,
    what,
    then,
    history,
  }: Missed & { readonly then: ServicesFrom; readonly history: readonly ServicesFrom[] },
): OtherCause {
  const begun = load?.startedAt ?? 0;
  const has = (one: ServicesFrom): boolean => servicesFor(asked, one).length > 0;
  const before = history.slice(0, history.indexOf(then) + 1);
  const went = before[before.findLastIndex(has) + 1];
  const back = history.slice(before.length).find(has);
  const when = [
    went === undefined || !before.some(has)
      ? 'it had not been there'
      : `it was gone ${afterLoadText(went.time, begun)}`,
    ...(back === undefined ? [] : [`there again ${afterLoadText(back.time, begun)}`]),
  ];
  const became =
    signal.kind === 'tcp-reset'
      ? `it came to ${node.name}'s own TCP, which knows no such connection and reset it`
      : signal.kind === 'icmp'
        ? `${node.name} answered by itself, by ${icmpText(signal.type, signal.code)}`
        : 'nothing answered it';
  return {
    blame: { kind: 'ipvs-service', what: 'gone', ...named(node) },
    because: [
      `IPVS on ${node.name} had no service ${then.services.length === 0 ? 'at all' : asked} when the client's ${what} came: ${when.join(', ')}`,
      `no rule took the ${what}, and IPVS did not send it on; ${became}`,
    ],
  };
}

function withoutRealserver(
  { type, code }: Icmp,
  { node, what }: Missed,
  services: readonly ListedService[],
): OtherCause {
  return {
    blame: { kind: 'ipvs-service', what: 'without-realserver', ...named(node) },
    because: [
      `IPVS on ${node.name} had the service ${services.map(listedText).join(' and ')}, and found no realserver for the client's ${what}: it made no entry of the connection, and sent nothing on`,
      `no rule took the ${what}; IPVS told the client by itself, by ${icmpText(type, code)}`,
    ],
  };
}

/** The service that the client asked, as ipvsadm names it; undefined: no such client is known. */
function serviceAsked(phase: PhaseEvidence, client: string): string | undefined {
  const asked = phase.load?.connections.find(
    ({ localAddress, localPort }) => clientKey(localAddress, localPort) === client,
  );
  const option = hasDatagrams(phase) ? '-u' : '-t';
  return asked && `${option} ${clientKey(asked.address ?? phase.vip, asked.port)}`;
}

/** What may take a packet for the service: itself, one of all ports of its address, or one by a mark, which does not say of what. */
function servicesFor(asked: string, { services }: ServicesFrom): readonly ListedService[] {
  return services.filter(
    ({ service }) =>
      service === asked || service === asked.replace(/:\d+$/, ':0') || service.startsWith('-f '),
  );
}

/** Whether it is what IPVS says where a service has no realserver: port unreachable, which a host's own TCP never says. */
function isFromIpvs(signal: Signal): signal is Icmp {
  if (signal.kind !== 'icmp' || signal.from !== 'director') return false;
  return (signal.type === 3 && signal.code === 3) || (signal.type === 1 && signal.code === 4);
}

function hasEntry({ ipvs }: PhaseEvidence, { name }: NodeEvidence, client: string): boolean {
  return ipvs.some(
    ({ node, connections }) =>
      node === name &&
      connections.some(({ clientAddress, clientPort }) => clientKey(clientAddress, clientPort) === client),
  );
}

/** `-t 10.0.0.9:80 (sh; 10.0.0.3 with weight 1, 10.0.0.4 with weight 0)`. */
function listedText({ service, scheduler, realservers }: ListedService): string {
  const all = realservers.map(({ address, weight }) => `${address} with weight ${weight}`).join(', ');
  return `${service} (${scheduler}; ${all === '' ? 'no realserver' : all})`;
}
