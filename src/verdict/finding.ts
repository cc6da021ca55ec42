import type { PhaseEvidence } from '../evidence/model/types.js';
import { seenBehindIpvs } from './behindIpvs.js';
import { behaviourOf } from './behaviour/behaviour.js';
import { labNodesOf } from './captures/labNodes.js';
import { fateOf } from './fates/fates.js';
import { flowNumbersOf } from './flows/flowNumbers.js';
import { numbersOf } from './numbers/numbers.js';
import { seenConnections } from './connections/seenConnection.js';
import { isBlocked, outcomeOf } from './model/outcome.js';
import { signalOf } from './fates/signal.js';
import { silenceDoubts } from './doubts/silenceDoubts.js';
import { unsoundness } from './doubts/unsoundness.js';
import type { PhaseFinding } from './model/types.js';

/** Finds out what happened in one phase, whatever anyone expected. */
export function findingOf(recorded: PhaseEvidence): PhaseFinding {
  const phase = seenBehindIpvs(recorded);
  const lab = labNodesOf(phase);
  const observations = seenConnections(phase, lab);
  const connections = observations.map(fateOf);
  const blocked = observations.filter((_, index) => isBlocked(connections[index]?.fate));
  const flows = flowNumbersOf(phase, lab, observations, connections);
  const numbers = numbersOf(phase, lab, observations, connections, flows);
  const signal = signalOf(blocked);
  const behaviour = behaviourOf(phase, lab, connections);
  return {
    outcome: outcomeOf(numbers.fates),
    signal,
    numbers: { ...numbers, followed: behaviour.followed },
    connections,
    unsound: [
      ...unsoundness(phase, lab, observations, connections, flows),
      ...silenceDoubts(blocked.length, signal, lab),
      ...behaviour.complaints,
    ],
  };
}
