import type { FlowEvidence } from '../../../evidence/model/flowTypes.js';
import type { NodeEvidence } from '../../../evidence/model/evidence.js';

type Queues = Pick<FlowEvidence, 'queueDrops' | 'way'>;

/** Packets that queues dropped between the client and the directors. */
export function droppedOnTheWay({ queueDrops, way }: Queues): number {
  return way.reduce((sum, { node, device }) => sum + (queueDrops[node]?.[device] ?? 0), 0);
}

/** Packets that these nodes' queues dropped. */
export function droppedBy(nodes: readonly Pick<NodeEvidence, 'name'>[], { queueDrops }: Queues): number {
  const drops = nodes.flatMap(({ name }) => Object.values(queueDrops[name] ?? {}));
  return drops.reduce((sum, packets) => sum + packets, 0);
}
