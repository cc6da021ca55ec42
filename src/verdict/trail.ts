import { socketFlow, type Service } from '../evidence/flow.js';
import type { NodeEvidence, TcpState } from '../evidence/types.js';

/** What a node's socket samples say of one connection. */
export interface Trail {
  /** The states seen, in order, each once in a row. */
  readonly states: readonly TcpState[];
  /** The state in the node's last sample. */
  readonly final: TcpState | 'gone';
}

/** The trail of a connection that was in no sample. */
export const noTrail: Trail = { states: [], final: 'gone' };

/** Follows every connection of the service through a node's samples: client's `address:port` -> trail. */
export function trailsOf(node: NodeEvidence, service: Service): ReadonlyMap<string, Trail> {
  const trails = new Map<string, { states: TcpState[]; final: TcpState | 'gone' }>();
  const lastIndex = node.samples.length - 1;
  node.samples.forEach(({ sockets }, index) => {
    for (const socket of sockets) {
      const key = socketFlow(socket, service);
      if (key === undefined) continue;
      let trail = trails.get(key);
      if (trail === undefined) trails.set(key, (trail = { states: [], final: 'gone' }));
      if (trail.states.at(-1) !== socket.state) trail.states.push(socket.state);
      if (index === lastIndex) trail.final = socket.state;
    }
  });
  return trails;
}
