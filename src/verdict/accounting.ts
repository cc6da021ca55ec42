import type { Outcome } from '../scenario/expectation.js';
import type { Cast } from './cast.js';
import { closingSegment } from './closing.js';
import type { Observation } from './observation.js';
import { rejectedPackets } from './rules.js';
import type { SegmentKind } from './segmentCounts.js';
import type { ConnectionFate } from './types.js';

/**
 * Where the client's packets do not add up: SYNs that went round the director, segments that left the client and never reached
 * the director, segments that ended at the director while nothing there counted them. One sentence for each kind.
 */
export function unaccounted(
  cast: Cast,
  observations: readonly Observation[],
  fates: readonly ConnectionFate[],
): string[] {
  const decisive = observations.map((observation, index) => ({
    observation,
    fate: fates[index]?.fate,
    kind: decisiveSegment(observation, fates[index]?.fate),
  }));
  const blocked = decisive.filter(({ fate }) => fate !== 'healthy' && fate !== 'unexplained');
  return [...aroundDirector(cast, observations), ...lostOnTheWay(decisive), ...lostInDirector(cast, blocked)];
}

interface Decisive {
  readonly observation: Observation;
  /** The client's segment that this connection's fate hangs on. */
  readonly kind: SegmentKind;
}

function decisiveSegment(observation: Observation, fate: Outcome | 'unexplained' | undefined): SegmentKind {
  if (fate === 'unreachable') return 'syn';
  return observation.connection.complete ? closingSegment(observation) : 'payload';
}

function aroundDirector(cast: Cast, observations: readonly Observation[]): string[] {
  const { director } = cast;
  if (director === undefined) return [];
  const targets = new Set(observations.flatMap(({ wire }) => [...(wire.client?.synsTo ?? [])]));
  targets.delete(director.mac);
  return [...targets].map((mac) => {
    const owner = cast.byMac.get(mac)?.name ?? mac;
    return `The client sent SYNs for the VIP to ${owner} instead of the director: somebody else answers ARP for the VIP.`;
  });
}

function lostOnTheWay(decisive: readonly Decisive[]): string[] {
  const lost = decisive.filter(
    ({ observation: { wire }, kind }) =>
      wire.client !== undefined &&
      wire.director !== undefined &&
      wire.client.sent[kind] > 0 &&
      wire.director.arrived[kind] === 0,
  );
  const [first] = lost;
  if (first === undefined) return [];
  return [
    `Segments of ${lost.length} connections left the client and are not in the director's capture (the first: ${first.observation.key}, its ${first.kind === 'payload' ? 'request' : first.kind.toUpperCase()}): something between them, such as the engine host's own netfilter, took them, or a capture is incomplete.`,
  ];
}

function lostInDirector({ director }: Cast, blocked: readonly Decisive[]): string[] {
  const stopped = blocked.filter(
    ({ observation: { wire }, kind }) =>
      wire.director !== undefined && wire.director.arrived[kind] > 0 && wire.director.forwarded[kind] === 0,
  );
  const rejected = director && rejectedPackets(director);
  if (rejected === undefined || rejected >= stopped.length) return [];
  return [
    `Segments of ${stopped.length} connections ended at the director, but its rules and conntrack count only ${rejected} packets as rejected or dropped.`,
  ];
}
