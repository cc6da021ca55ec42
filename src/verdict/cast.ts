import type { NodeEvidence, PhaseEvidence } from '../evidence/types.js';
import type { Sender } from '../scenario/expectation.js';

/** The nodes of a phase by their part in it, and by MAC address: director and realserver share the VIP, so only MACs tell them apart. */
export interface Cast {
  readonly client: NodeEvidence | undefined;
  readonly director: NodeEvidence | undefined;
  readonly realservers: readonly NodeEvidence[];
  readonly byMac: ReadonlyMap<string, NodeEvidence>;
}

export function castOf(phase: PhaseEvidence): Cast {
  const ofRole = (role: NodeEvidence['role']) => phase.nodes.filter((node) => node.role === role);
  return {
    client: ofRole('client')[0],
    director: ofRole('director')[0],
    realservers: ofRole('realserver'),
    byMac: new Map(phase.nodes.map((node) => [node.mac, node])),
  };
}

/** Who sent a frame with this source MAC. */
export function senderOf(cast: Cast, mac: string): Sender {
  return cast.byMac.get(mac)?.role ?? 'unknown';
}
