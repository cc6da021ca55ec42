import { serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import { roleOf, type LabNodes } from '../captures/labNodes.js';
import { decisiveSegment } from '../fates/decisive.js';
import { segmentName } from '../fates/describe.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { isBlocked } from '../model/outcome.js';
import { turnedAway, turnedAwayBy } from '../rules/rules.js';
import type { SegmentKind } from '../captures/segmentCounts.js';
import type { ConnectionFate, FlowNumbers } from '../model/types.js';

/**
 * Where the client's packets do not add up: SYNs that went to a stranger, segments that left the client and never reached
 * a director, segments that ended at a director while nothing there counted them. One sentence for each kind. The closing segments
 * of `flows` need to be counted too, by the same rules.
 */
export function unaccounted(
  service: Service,
  lab: LabNodes,
  observations: readonly SeenConnection[],
  fates: readonly ConnectionFate[],
  flows: FlowNumbers['closingSegments'],
): string[] {
  const decisive = observations.map((observation, index) => ({
    observation,
    fate: fates[index]?.fate,
    kind: decisiveSegment(observation, fates[index]?.fate),
  }));
  const blocked = decisive.filter(({ fate }) => isBlocked(fate));
  const { sent = 0, arrived = 0, forwarded = 0 } = flows ?? {};
  return [
    ...toStrangers(service, lab, observations),
    ...lostOnTheWay(lab, decisive, Math.max(0, sent - arrived)),
    ...lostInDirector(lab, blocked, Math.max(0, arrived - forwarded)),
  ];
}

interface Decisive {
  readonly observation: SeenConnection;
  /** The client's segment that this connection's fate hangs on. */
  readonly kind: SegmentKind;
}

/** SYNs go from the client to a director, or to the router and from there to a director; if not, to another node of the lab, which is a finding. */
function toStrangers(service: Service, lab: LabNodes, observations: readonly SeenConnection[]): string[] {
  if (lab.directors.length === 0) return [];
  const byClient = observations.flatMap(({ wire }) => [...(wire.client?.synsTo ?? [])]);
  return [
    ...sentElsewhere(lab, 'client', byClient, lab.router === undefined ? 'director' : 'router'),
    ...sentElsewhere(lab, 'router', routedSyns(service, lab), 'director'),
  ];
}

function sentElsewhere(
  lab: LabNodes,
  sender: 'client' | 'router',
  macs: readonly string[],
  nextHop: 'director' | 'router',
): string[] {
  const known = nextHop === 'director' ? [nextHop, 'realserver'] : [nextHop];
  const others = [...new Set(macs)].filter((mac) => !known.includes(roleOf(lab, mac) ?? ''));
  return others.map(
    (mac) =>
      `The ${sender} sent SYNs for the VIP to ${lab.byMac.get(mac)?.name ?? mac} instead of the ${nextHop}: somebody else answers for the VIP.`,
  );
}

/** MAC addresses that the router sent SYNs for the service to. */
function routedSyns(service: Service, lab: LabNodes): string[] {
  const segments = lab.router?.capture?.segments ?? [];
  return segments
    .filter((segment) => segment.flags.syn && roleOf(lab, segment.sourceMac) === 'router')
    .filter((segment) => serviceTrafficOf(segment, service)?.fromClient === true)
    .map(({ destinationMac }) => destinationMac);
}

function lostOnTheWay({ router }: LabNodes, decisive: readonly Decisive[], ofFlows: number): string[] {
  const lost = decisive.filter(
    ({ observation: { wire, resolution }, kind }) =>
      wire.client !== undefined &&
      wire.director !== undefined &&
      wire.past === undefined &&
      wire.client.sent[kind] > 0 &&
      wire.director.arrived[kind] === 0 &&
      resolution.unresolved.every(({ role }) => role !== 'router'),
  );
  const [first] = lost;
  const byRouter = router === undefined ? 0 : turnedAway(router);
  if (first === undefined || byRouter === undefined || byRouter - ofFlows >= lost.length) return [];
  const accounted =
    router === undefined
      ? ''
      : `, and the router counts only ${byRouter} packets as rejected or dropped${besideFlows(ofFlows)}`;
  return [
    `Segments of ${lost.length} connections left the client and are not in the director's capture (the first: ${first.observation.key}, its ${segmentName(first.kind)})${accounted}: something between them, such as the engine host's own netfilter, took them, or a capture is incomplete.`,
  ];
}

function lostInDirector({ directors }: LabNodes, blocked: readonly Decisive[], ofFlows: number): string[] {
  const stopped = blocked.filter(({ observation, kind }) => endedAtDirector(observation, kind));
  const rejected = turnedAwayBy(directors);
  if (stopped.length === 0 || rejected === undefined || rejected - ofFlows >= stopped.length) return [];
  return [
    `Segments of ${stopped.length} connections ended at the director, but its rules and its kernel count only ${rejected} packets as rejected or dropped${besideFlows(ofFlows)}.`,
  ];
}

function besideFlows(segments: number): string {
  return segments === 0 ? '' : `, and ${segments} closing segments of flows ended there too`;
}

/** A director that serves is where segments of its own connections end, and IPVS drops silently what has no destination any more. */
function endedAtDirector({ wire, server, ipvs, resolution }: SeenConnection, kind: SegmentKind): boolean {
  if (server.role === 'director' || ipvs?.destinationRemoved === true) return false;
  // What IPVS has sent waits for an answer, and is dropped when none comes.
  if (resolution.unresolved.some(({ role }) => role === 'director')) return false;
  return (
    wire.director !== undefined && wire.director.arrived[kind] > 0 && wire.director.forwarded[kind] === 0
  );
}
