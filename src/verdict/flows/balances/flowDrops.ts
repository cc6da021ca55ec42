import type { FlowEvidence } from '../../../evidence/model/flowTypes.js';
import type { JudgedConnection } from '../../fates/judgedConnection.js';
import type { JudgedPhase } from '../../fates/judgedPhase.js';
import { turnedAwayBy } from '../../rules/countedRules.js';
import { destinationRemoved, type DirectorTransit } from './directorTransit.js';
import { droppedBy, droppedOnTheWay } from './queueDrops.js';

/**
 * How many packets of flows each hop counted as turned away, by its rules and its kernel, without those of the connections beside the
 * flows. Undefined where a rule does not count.
 */
export interface FlowDrops {
  readonly router: number | undefined;
  readonly directors: number | undefined;
  readonly servers: number | undefined;
  /** Packets, of flows or not, that queues dropped: on the way to the directors, at the directors, and anywhere. */
  readonly queues: { readonly onTheWay: number; readonly atDirectors: number; readonly anywhere: number };
}

/**
 * Counts them. How many packets the connections beside the flows lost at a director is known from its capture. Elsewhere it is taken
 * to be the segment that decided their fate, as often as it was sent.
 */
export function flowDropsOf(
  { lab, phase, connections: witnesses }: JudgedPhase,
  flows: FlowEvidence,
  transit: DirectorTransit | undefined,
): FlowDrops {
  const { router, directors, serving } = lab;
  const lost = witnessesLost(witnesses);
  const servers = serving.filter((node) => !directors.includes(node));
  return {
    router: router === undefined ? 0 : less(turnedAwayBy([router]), lost.beforeDirector),
    directors: destinationRemoved(witnesses)
      ? undefined
      : less(turnedAwayBy(directors), transit?.witnessesStopped ?? lost.atDirector),
    servers: less(turnedAwayBy(servers), lost.behindDirector),
    queues: {
      onTheWay: droppedOnTheWay(flows),
      atDirectors: droppedBy(directors, flows),
      anywhere: droppedBy(phase.nodes, flows),
    },
  };
}

/** How many packets of flows were turned away, or lost on a link, anywhere; undefined where that cannot be known. */
export function droppedAnywhere({ router, directors, servers, queues }: FlowDrops): number | undefined {
  if (router === undefined || directors === undefined || servers === undefined) return undefined;
  return router + directors + servers + queues.anywhere;
}

function less(all: number | undefined, part: number): number | undefined {
  return all === undefined ? undefined : Math.max(0, all - part);
}

interface WitnessesLost {
  beforeDirector: number;
  atDirector: number;
  behindDirector: number;
}

function witnessesLost(witnesses: readonly JudgedConnection[]): WitnessesLost {
  const lost: WitnessesLost = { beforeDirector: 0, atDirector: 0, behindDirector: 0 };
  for (const { isBlocked, decisive, wire, server } of witnesses) {
    if (!isBlocked) continue;
    const sent = wire.client?.sent[decisive] ?? 0;
    const arrived = wire.director?.arrived[decisive] ?? sent;
    const forwarded = wire.director?.forwarded[decisive] ?? 0;
    lost.beforeDirector += Math.max(0, sent - arrived);
    if (server.role === 'director') continue;
    lost.atDirector += Math.max(0, arrived - forwarded);
    lost.behindDirector += forwarded;
  }
  return lost;
}
