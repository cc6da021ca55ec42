import type { FlowEvidence } from '../../evidence/model/flowTypes.js';
import type { NodeEvidence } from '../../evidence/model/types.js';
import type { LabNodes } from '../captures/labNodes.js';
import { decisiveSegment } from '../fates/decisive.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { isBlocked } from '../model/outcome.js';
import { turnedAwayBy } from '../rules/rules.js';
import type { ConnectionFate } from '../model/types.js';
import { destinationRemoved, type DirectorTransit } from './directorTransit.js';
import { droppedBy, droppedOnTheWay } from './queues.js';

/**
 * How many packets of flows the nodes between the client and its service can account for having turned away: what rules and kernels
 * counted, less the witnesses' packets. Undefined where a rule does not count.
 */
export interface FlowDrops {
  readonly router: number | undefined;
  readonly directors: number | undefined;
  readonly servers: number | undefined;
  /** Packets of whomever that queues dropped: on their way to the directors, at these, and anywhere. */
  readonly queues: { readonly onTheWay: number; readonly atDirectors: number; readonly anywhere: number };
}

/**
 * What the witnesses lost at a director is known exactly where its capture tells; elsewhere it is taken to be the segment that their
 * fate hangs on, each time it was sent.
 */
export function flowDropsOf(
  { router, directors, serving }: LabNodes,
  { flows, nodes }: { readonly flows: FlowEvidence; readonly nodes: readonly NodeEvidence[] },
  passages: DirectorTransit | undefined,
  witnesses: readonly SeenConnection[],
  fates: readonly ConnectionFate[],
): FlowDrops {
  const lost = witnessesLost(witnesses, fates);
  const servers = serving.filter((node) => !directors.includes(node));
  return {
    router: router === undefined ? 0 : less(turnedAwayBy([router]), lost.beforeDirector),
    directors: destinationRemoved(witnesses)
      ? undefined
      : less(turnedAwayBy(directors), passages?.witnessesStopped ?? lost.atDirector),
    servers: less(turnedAwayBy(servers), lost.behindDirector),
    queues: {
      onTheWay: droppedOnTheWay(flows),
      atDirectors: droppedBy(directors, flows),
      anywhere: droppedBy(nodes, flows),
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

function witnessesLost(
  witnesses: readonly SeenConnection[],
  fates: readonly ConnectionFate[],
): WitnessesLost {
  const lost: WitnessesLost = { beforeDirector: 0, atDirector: 0, behindDirector: 0 };
  witnesses.forEach((witness, index) => {
    const fate = fates[index]?.fate;
    if (!isBlocked(fate)) return;
    const kind = decisiveSegment(witness, fate);
    const sent = witness.wire.client?.sent[kind] ?? 0;
    const arrived = witness.wire.director?.arrived[kind] ?? sent;
    const forwarded = witness.wire.director?.forwarded[kind] ?? 0;
    lost.beforeDirector += Math.max(0, sent - arrived);
    if (witness.server.role === 'director') return;
    lost.atDirector += Math.max(0, arrived - forwarded);
    lost.behindDirector += forwarded;
  });
  return lost;
}
