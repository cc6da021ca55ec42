import type { PhaseEvidence } from '../evidence/model/evidence.js';
import { seenBehindIpvs } from './seenBehindIpvs.js';
import { behaviourOf } from './behaviour/behaviour.js';
import { connectionFate } from './fates/judgedConnection.js';
import { judgedPhase } from './fates/judgedPhase.js';
import { flowNumbersOf } from './flows/flowNumbers.js';
import { numbersOf } from './numbers/phaseNumbers.js';
import { outcomeOf } from './model/outcome.js';
import { signalOf } from './fates/commonSignal.js';
import { silenceDoubts } from './doubts/silenceDoubts.js';
import { unsoundness } from './doubts/unsoundness.js';
import type { PhaseFinding } from './model/verdict.js';

/** Finds out what happened in one phase, whatever anyone expected. */
export function findingOf(recorded: PhaseEvidence): PhaseFinding {
  const judged = judgedPhase(seenBehindIpvs(recorded));
  const blocked = judged.connections.filter(({ isBlocked }) => isBlocked);
  const flows = flowNumbersOf(judged);
  const numbers = numbersOf(judged, flows);
  const signal = signalOf(blocked);
  const behaviour = behaviourOf(judged);
  return {
    outcome: outcomeOf(numbers.fates),
    signal,
    numbers: { ...numbers, followed: behaviour.followed },
    connections: judged.connections.map(connectionFate),
    kept: recorded.kept,
    unsound: [
      ...unsoundness(judged, flows),
      ...silenceDoubts(blocked.length, signal, judged.lab, flows),
      ...behaviour.complaints,
    ],
  };
}
