import { isServed, type Outcome, outcomes } from '../../contracts/words/outcomes.js';
import { signalText } from '../../verdict/model/expectationText.js';
import type { PhaseFinding } from '../../verdict/model/verdict.js';

/**
 * What a phase found: `close-blocked with ICMP 3/10 (host-prohibited) from director`. Adds ` in 3 of 6 connections` for a mixed result, and
 * `, flows healthy` when the flows came to something else than the connections.
 */
export function findingText(finding: PhaseFinding | undefined): string {
  if (finding === undefined) return 'nothing: the phase never ran, or cannot be read';
  const { flows } = finding.numbers;
  const same = flows === undefined || flows.outcome === finding.outcome;
  return `${connectionsText(finding)}${same ? '' : `, flows ${flows.outcome ?? 'of no single outcome'}`}`;
}

/**
 * Outcomes in which silence means nothing: a healthy connection sees no sign of a filter, and clients without ports send nothing. The text
 * leaves silence out there.
 */
const quiet: ReadonlySet<Outcome> = new Set<Outcome>([...outcomes.filter(isServed), 'ports-exhausted']);

function connectionsText(finding: PhaseFinding): string {
  if (finding.outcome === undefined) return 'no single outcome';
  const { fates, connections } = finding.numbers;
  const count = fates[finding.outcome] ?? 0;
  return `${outcomeText(finding.outcome, finding)}${count === connections ? '' : ` in ${count} of ${connections} connections`}`;
}

function outcomeText(outcome: Outcome, { signal, unsound }: PhaseFinding): string {
  if (signal.kind !== 'silence') return `${outcome} with ${signalText(signal)}`;
  if (quiet.has(outcome)) return outcome;
  // What is doubted may lack the answers, as a capture does that was cut.
  return unsound.length > 0 ? `${outcome}, no answer seen` : `${outcome} with ${signalText(signal)}`;
}
