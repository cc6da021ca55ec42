import type { Role } from '../../contracts/words/nodes.js';
import { isClient } from '../../evidence/model/clientNode.js';
import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';

/**
 * The nodes of a phase by role and by MAC address. Directors and realservers all use the VIP, so only their MAC addresses tell them
 * apart.
 */
export interface LabNodes {
  readonly client: NodeEvidence | undefined;
  /** Undefined where all nodes are on one network, and where connections are made behind it. */
  readonly router: NodeEvidence | undefined;
  readonly directors: readonly NodeEvidence[];
  /** The nodes that connections end on: realservers, and the director where it serves too. */
  readonly serving: readonly NodeEvidence[];
  readonly byName: ReadonlyMap<string, NodeEvidence>;
  readonly byMac: ReadonlyMap<string, NodeEvidence>;
}

export function labNodesOf(phase: PhaseEvidence): LabNodes {
  const { nodes, serving } = phase;
  const client = nodes.find((node) => isClient(phase, node));
  const ofRole = (role: Role) => nodes.filter((node) => node.role === role);
  return {
    client,
    router: client?.role === 'client' ? ofRole('router')[0] : undefined,
    directors: ofRole('director'),
    byName: new Map(nodes.map((node) => [node.name, node])),
    serving: nodes.filter(({ name }) => serving.includes(name)),
    byMac: new Map(nodes.flatMap((node) => node.macs.map((mac) => [mac, node]))),
  };
}

/** The role of the node with this MAC address; undefined: it is none of the lab's. */
export function roleOf({ byMac }: LabNodes, mac: string): Role | undefined {
  return byMac.get(mac)?.role;
}
