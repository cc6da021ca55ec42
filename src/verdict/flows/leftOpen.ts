import type { FlowReport } from '../../evidence/model/flowTypes.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { DirectorTransit } from './balances/directorTransit.js';

/** States of sockets that belong to no connection, or to one that is over. */
const overStates: ReadonlySet<string> = new Set(['TIME-WAIT', 'LISTEN', 'UNCONN']);

/**
 * How many flows are closed only on the client's side. A client cannot see whether its RST arrives. The directors' captures tell
 * whether it was forwarded, and the nodes that serve show it by holding more sockets than there are open flows.
 */
export function leftOpen(
  phase: PhaseEvidence,
  lab: LabNodes,
  { fates, rstsSent, opened }: FlowReport,
  transit: DirectorTransit | undefined,
): number {
  const onTheWay =
    transit === undefined ? 0 : transit.resetFlowsStopped + Math.max(0, rstsSent - transit.resetsArrived);
  return Math.min(fates.closed, Math.max(onTheWay, surplusSockets(phase, lab, opened)));
}

/** Names of the nodes that serve and have no count of the flows' sockets from after all flows had been opened. */
export function uncountedNodes(phase: PhaseEvidence, { serving }: LabNodes): string[] {
  return serving.map(({ name }) => name).filter((name) => lastTally(phase, name) === undefined);
}

function surplusSockets(phase: PhaseEvidence, { serving }: LabNodes, opened: number): number {
  const tallies = serving.map(({ name }) => lastTally(phase, name)).filter((tally) => tally !== undefined);
  if (tallies.length < serving.length || tallies.length === 0) return 0;
  const time = Math.min(...tallies.map((tally) => tally.time));
  // What the client knew a moment before is compared, so that flows which were closing just then do not count.
  const then = phase.flows?.seconds.findLast(({ at }) => at <= time);
  if (then === undefined) return 0;
  const held = tallies
    .flatMap(({ states }) => Object.entries(states))
    .reduce((sum, [state, count]) => (overStates.has(state) ? sum : sum + count), 0);
  return Math.max(0, held - (opened - then.closed - then.refused));
}

function lastTally({ flows, load }: PhaseEvidence, name: string) {
  const last = flows?.sockets[name]?.at(-1);
  return last !== undefined && load !== undefined && last.time >= load.startedAt ? last : undefined;
}
