import type { Load } from '../../contracts/agents/load.js';
import type { Phase } from '../../contracts/words/phases.js';
import type { NodeEvidence, PhaseEvidence } from './evidence.js';

/** The node that has the role of a client. */
const clientName = 'client';

/** The name of the node on which a phase's connections are made, by what the plan's load says: those of the control run are the client's. */
export function clientIn({ load }: { readonly load?: Pick<Load, 'from'> | undefined }, phase: Phase): string {
  return (phase === 'control' ? undefined : load?.from) ?? clientName;
}

/** Whether a phase's connections are made on this node. */
export function isClient(
  { client = clientName }: Pick<PhaseEvidence, 'client'>,
  { name }: Pick<NodeEvidence, 'name'>,
): boolean {
  return name === client;
}
