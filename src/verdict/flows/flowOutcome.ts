import type { Outcome } from '../../contracts/words/outcomes.js';
import type { FlowReport } from '../../evidence/model/flowTypes.js';
import { outcomeOf } from '../model/outcome.js';
import type { FlowNumbers } from '../model/verdict.js';
import { tolerated } from './toleratedShare.js';

type Outcomes = NonNullable<FlowNumbers['outcomes']>;
type Known = Pick<FlowNumbers, 'leftOpen' | 'peaks' | 'answeredStale'>;

/** The outcome of the flows as a whole; undefined when nothing is known of any. It is `healthy`, or `answered`, also when a tolerated few are not. */
export function flowOutcome({ opened }: Pick<FlowReport, 'opened'>, outcomes: Outcomes): Outcome | undefined {
  return outcomeOf(outcomes, tolerated(opened));
}

/** How many flows had each outcome, in the same words as for connections; outcomes that none had are left out. */
export function flowOutcomes(report: FlowReport, known: Known): Outcomes {
  const all = Object.entries(countsOf(report, known)).filter(([, count]) => count > 0);
  return Object.fromEntries(all);
}

function countsOf(report: FlowReport, { leftOpen, peaks, answeredStale = 0 }: Known): Outcomes {
  const { fates, closing: sentClosing } = report;
  const { closed, reset, refused, opening, transfer, closing, data, held, answered, unanswered } = fates;
  // Whoever had sent a closing segment and is neither closed nor stuck with it was reset instead.
  const resetInClosing = Math.min(reset, Math.max(0, sentClosing - closed - closing - data));
  const resetBefore = reset - resetInClosing;
  const blockedLater = { 'close-blocked': closing + leftOpen + resetInClosing, 'data-lost': data };
  const healthy = closed - leftOpen + held;
  const ofDatagrams = { answered: answered - answeredStale, 'answered-stale': answeredStale, unanswered };
  return neverEstablished(peaks)
    ? {
        healthy,
        ...ofDatagrams,
        ...blockedLater,
        'transfer-blocked': resetBefore,
        'handshake-blocked': opening + transfer,
        unreachable: refused,
      }
    : {
        healthy,
        ...ofDatagrams,
        ...blockedLater,
        'transfer-blocked': transfer + resetBefore,
        unreachable: opening + refused,
      };
}

/** States that say nothing of the flows that are stuck: the control run's flows are in TIME-WAIT for a minute. */
const besides: ReadonlySet<string> = new Set(['LISTEN', 'TIME-WAIT']);

/**
 * A client cannot tell a lost acknowledgement of the SYN-ACK from lost data. The servers can: their sockets stay half open, and next
 * to none becomes more than that.
 */
function neverEstablished(peaks: FlowNumbers['peaks']): boolean {
  const all = Object.values(peaks).flatMap((states) => Object.entries(states));
  const sum = (wanted: (state: string) => boolean) =>
    all.reduce((total, [state, count]) => (wanted(state) ? total + count : total), 0);
  return sum((state) => state === 'SYN-RECV') > sum((state) => state !== 'SYN-RECV' && !besides.has(state));
}
