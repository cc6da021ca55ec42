import type { PhaseEvidence } from '../evidence/types.js';
import { outcomes, type Outcome } from '../scenario/expectation.js';
import { castOf } from './cast.js';
import { fateOf } from './fates.js';
import { numbersOf } from './numbers.js';
import { observe } from './observation.js';
import { signalOf } from './signal.js';
import { unsoundness } from './sound.js';
import type { PhaseFinding } from './types.js';

/** Finds out what happened in one phase, whatever anyone expected. */
export function findingOf(phase: PhaseEvidence): PhaseFinding {
  const cast = castOf(phase);
  const observations = observe(phase, cast);
  const connections = observations.map(fateOf);
  const blocked = observations.filter((_, index) => isBlocked(connections[index]?.fate));
  const numbers = numbersOf(phase, observations, connections);
  return {
    outcome: outcomeOf(numbers.fates),
    signal: signalOf(blocked),
    numbers,
    connections,
    unsound: unsoundness(phase, cast, observations, connections),
  };
}

/**
 * One word for many connections: `healthy` only when none is blocked, otherwise the blocked fate that most of them have; of two
 * equally frequent ones the one that stops a connection earlier. Undefined when no connection's fate is known.
 */
function outcomeOf(fates: Readonly<Record<string, number>>): Outcome | undefined {
  const count = (outcome: Outcome) => fates[outcome] ?? 0;
  const [worst] = outcomes
    .filter((outcome) => outcome !== 'healthy' && count(outcome) > 0)
    .reverse()
    .sort((one, other) => count(other) - count(one));
  return worst ?? (count('healthy') > 0 ? 'healthy' : undefined);
}

function isBlocked(fate: Outcome | 'unexplained' | undefined): boolean {
  return fate !== 'healthy' && fate !== 'unexplained';
}
