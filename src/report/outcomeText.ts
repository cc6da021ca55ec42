import { formatSignal } from '../verdict/naming.js';
import type { PhaseFinding } from '../verdict/types.js';

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

function connectionsText(finding: PhaseFinding): string {
  if (finding.outcome === undefined) return 'no single outcome';
  const { fates, connections } = finding.numbers;
  const count = fates[finding.outcome] ?? 0;
  return `${signalText(finding)}${count === connections ? '' : ` in ${count} of ${connections} connections`}`;
}

function signalText(finding: PhaseFinding): string {
  // A healthy run gives no sign of a filter, nor do clients that send nothing: to call that silence would only puzzle.
  const isQuiet = finding.outcome === 'healthy' || finding.outcome === 'ports-exhausted';
  if (isQuiet && finding.signal.kind === 'silence') return finding.outcome;
  return `${finding.outcome} with ${formatSignal(finding.signal)}`;
}
