import type { PhaseEvidence } from '../evidence/types.js';
import { seenBehindIpvs } from './behindIpvs.js';
import { behaviourOf } from './behaviour/behaviour.js';
import { castOf } from './cast.js';
import { fateOf } from './fates.js';
import { flowNumbersOf } from './flows/numbers.js';
import { numbersOf } from './numbers.js';
import { observe } from './observation.js';
import { isBlocked, outcomeOf } from './outcome.js';
import { signalOf } from './signal.js';
import { silenceDoubts } from './silence.js';
import { unsoundness } from './sound.js';
import type { PhaseFinding } from './types.js';

/** Finds out what happened in one phase, whatever anyone expected. */
export function findingOf(recorded: PhaseEvidence): PhaseFinding {
  const phase = seenBehindIpvs(recorded);
  const cast = castOf(phase);
  const observations = observe(phase, cast);
  const connections = observations.map(fateOf);
  const blocked = observations.filter((_, index) => isBlocked(connections[index]?.fate));
  const flows = flowNumbersOf(phase, cast, observations, connections);
  const numbers = numbersOf(phase, cast, observations, connections, flows);
  const signal = signalOf(blocked);
  const behaviour = behaviourOf(phase, cast, connections);
  return {
    outcome: outcomeOf(numbers.fates),
    signal,
    numbers: { ...numbers, followed: behaviour.followed },
    connections,
    unsound: [
      ...unsoundness(phase, cast, observations, connections, flows),
      ...silenceDoubts(blocked.length, signal, cast),
      ...behaviour.complaints,
    ],
  };
}
