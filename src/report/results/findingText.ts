import type { Outcome } from '../../contracts/words/outcomes.js';
import type { Signal } from '../../scenario/model/expectation.js';
import { formatSignal } from '../../verdict/model/format.js';
import type { PhaseFinding } from '../../verdict/model/types.js';

/**
 * What was found: `close-blocked with ICMP 3/10 (host-prohibited) from director`; with ` in 3 of 6 connections` where it is a mix, and
 * `, flows healthy` where flows fared otherwise than the connections beside them.
 */
export function findingText(finding: PhaseFinding | undefined): string {
  if (finding === undefined) return 'nothing: the phase never ran';
  const { flows } = finding.numbers;
  const same = flows === undefined || flows.outcome === finding.outcome;
  return `${connectionsText(finding)}${same ? '' : `, flows ${flows.outcome ?? 'of no single outcome'}`}`;
}

/** Who is served sees no sign of a filter, nor do clients that send nothing: to call that silence would only puzzle. */
const quiet: ReadonlySet<Outcome> = new Set<Outcome>(['healthy', 'bypassed', 'ports-exhausted']);

function connectionsText(finding: PhaseFinding): string {
  if (finding.outcome === undefined) return 'no single outcome';
  const { fates, connections } = finding.numbers;
  const count = fates[finding.outcome] ?? 0;
  return `${signalText(finding.outcome, finding.signal)}${count === connections ? '' : ` in ${count} of ${connections} connections`}`;
}

function signalText(outcome: Outcome, signal: Signal): string {
  if (quiet.has(outcome) && signal.kind === 'silence') return outcome;
  return `${outcome} with ${formatSignal(signal)}`;
}
