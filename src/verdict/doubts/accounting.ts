import { loopbackMac, type ClassifiedCaptures } from '../captures/classifiedCaptures.js';
import { roleOf, type LabNodes } from '../captures/labNodes.js';
import type { JudgedConnection } from '../fates/judgedConnection.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import { segmentName } from '../fates/connectionText.js';
import { turnedAway, turnedAwayBy } from '../rules/countedRules.js';
import type { FlowNumbers } from '../model/verdict.js';

/**
 * Where the client's packets do not add up: SYNs that went to a stranger, segments that left the client and never reached
 * a director, segments that ended at a director while nothing there counted them. One sentence for each kind. The closing segments
 * of `flows` need to be counted too, by the same rules.
 */
export function packetAccounting(
  { lab, captures, connections }: JudgedPhase,
  flows: FlowNumbers['closingSegments'],
): string[] {
  const blocked = connections.filter(({ isBlocked }) => isBlocked);
  const { sent = 0, arrived = 0, forwarded = 0 } = flows ?? {};
  return [
    ...toStrangers(lab, captures, connections),
    ...lostOnTheWay(lab, connections, Math.max(0, sent - arrived)),
    ...lostInDirector(lab, blocked, Math.max(0, arrived - forwarded)),
  ];
}

/**
 * SYNs that went to none of the lab's nodes. They should go to a director, through the router if there is one; those that go to
 * another node of the lab are a finding, and no doubt.
 */
function toStrangers(
  lab: LabNodes,
  captures: ClassifiedCaptures,
  connections: readonly JudgedConnection[],
): string[] {
  if (lab.directors.length === 0) return [];
  const byClient = connections.flatMap(({ wire }) => [...(wire.client?.synsTo ?? [])]);
  return [
    ...sentElsewhere(lab, 'client', byClient, lab.router === undefined ? 'director' : 'router'),
    ...sentElsewhere(lab, 'router', routedSyns(captures), 'director'),
  ];
}

function sentElsewhere(
  lab: LabNodes,
  sender: 'client' | 'router',
  macs: readonly string[],
  nextHop: 'director' | 'router',
): string[] {
  const known = nextHop === 'director' ? [nextHop, 'realserver'] : [nextHop];
  const others = [...new Set(macs)].filter(
    (mac) => mac !== loopbackMac && !known.includes(roleOf(lab, mac) ?? ''),
  );
  return others.map(
    (mac) =>
      `The ${sender} sent SYNs for the VIP to ${lab.byMac.get(mac)?.name ?? mac} instead of the ${nextHop}: somebody else answers for the VIP.`,
  );
}

/** MAC addresses that the router sent SYNs for the service to. */
function routedSyns({ router }: ClassifiedCaptures): string[] {
  return (router?.segments ?? [])
    .filter(
      ({ kind, direction, handling }) => kind === 'syn' && direction === 'to-service' && handling === 'sent',
    )
    .map(({ segment }) => segment.destinationMac);
}

function lostOnTheWay(
  { router }: LabNodes,
  connections: readonly JudgedConnection[],
  ofFlows: number,
): string[] {
  const lost = connections.filter(
    ({ wire, resolution, decisive }) =>
      wire.client !== undefined &&
      wire.director !== undefined &&
      wire.past === undefined &&
      wire.client.sent[decisive] > 0 &&
      wire.director.arrived[decisive] === 0 &&
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
    `${packetsOf(first)} of ${lost.length} connections left the client and are not in the director's capture (the first: ${first.key}, its ${segmentName(first.decisive)})${accounted}: something between them, such as the engine host's own netfilter, took them, or a capture is incomplete.`,
  ];
}

function lostInDirector(
  { directors }: LabNodes,
  blocked: readonly JudgedConnection[],
  ofFlows: number,
): string[] {
  const stopped = blocked.filter(endedAtDirector);
  const rejected = turnedAwayBy(directors);
  if (stopped.length === 0 || rejected === undefined || rejected - ofFlows >= stopped.length) return [];
  return [
    `${packetsOf(stopped[0])} of ${stopped.length} connections ended at the director, but its rules and its kernel count only ${rejected} packets as rejected or dropped${besideFlows(ofFlows)}.`,
  ];
}

function packetsOf(connection: JudgedConnection | undefined): string {
  return connection?.report.datagrams === undefined ? 'Segments' : 'Datagrams';
}

function besideFlows(segments: number): string {
  return segments === 0 ? '' : `, and ${segments} closing segments of flows ended there too`;
}

/**
 * Whether the decisive segment reached the director and should have been counted there. It need not be where the director serves the
 * connection itself, or where IPVS has no destination for it any more and drops it silently.
 */
function endedAtDirector({ wire, server, ipvs, resolution, decisive }: JudgedConnection): boolean {
  if (server.role === 'director' || ipvs?.destinationRemoved === true) return false;
  // What IPVS has sent waits for an answer, and is dropped when none comes.
  if (resolution.unresolved.some(({ role }) => role === 'director')) return false;
  return (
    wire.director !== undefined &&
    wire.director.arrived[decisive] > 0 &&
    wire.director.forwarded[decisive] === 0
  );
}
