import { formatSignal } from '../verdict/naming.js';
import type { PhaseFinding } from '../verdict/types.js';

/** What was found: `close-blocked with ICMP 3/10 (host-prohibited) from director`. */
export function findingText(finding: PhaseFinding | undefined): string {
  if (finding === undefined) return 'nothing: the phase never ran';
  if (finding.outcome === undefined) return 'no single outcome';
  // A healthy run gives no sign of a filter, nor do clients that send nothing: to call that silence would only puzzle.
  const isQuiet = finding.outcome === 'healthy' || finding.outcome === 'ports-exhausted';
  if (isQuiet && finding.signal.kind === 'silence') return finding.outcome;
  return `${finding.outcome} with ${formatSignal(finding.signal)}`;
}
