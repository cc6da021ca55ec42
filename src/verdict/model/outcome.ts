import { isHealthy, type Outcome, outcomes } from '../../contracts/words/outcomes.js';

/**
 * One word for many connections: `healthy`, or `answered` with UDP, only when no more than `tolerated` are blocked, otherwise the blocked fate that most of
 * them have; of two equally frequent ones the one that stops a connection earlier. Undefined when no connection's fate is known.
 */
export function outcomeOf(fates: Readonly<Record<string, number>>, tolerated = 0): Outcome | undefined {
  const count = (outcome: Outcome) => fates[outcome] ?? 0;
  const [good] = outcomes.filter((outcome) => isHealthy(outcome) && count(outcome) > 0);
  const blocked = outcomes.filter((outcome) => !isHealthy(outcome) && count(outcome) > 0);
  const total = blocked.reduce((sum, outcome) => sum + count(outcome), 0);
  if (total <= tolerated && good !== undefined) return good;
  return blocked.reverse().sort((one, other) => count(other) - count(one))[0];
}

/** Whether a connection with this fate was stopped by something. */
export function isBlocked(fate: Outcome | 'unexplained' | undefined): boolean {
  return !isHealthy(fate) && fate !== 'unexplained';
}
