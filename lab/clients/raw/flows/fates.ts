/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { FlowFate } from '../../../../src/contracts/words/flows.js';
import {
  closed,
  finAcked,
  finQueued,
  finSent,
  gaveUp,
  refused,
  reset,
  synSent,
  type FlowTable,
} from './flowTable.js';
import { opEnd, opExpectFin, opHold, opWait, type Program } from './program.js';

/** A flow is in progress, not stuck, when it was active so many milliseconds ago at most, and nothing had to be retransmitted. */
const recent = 1000;

/** What has become of a flow that was opened. */
export function fateOf(table: FlowTable, programs: readonly Program[], flow: number, now: number): FlowFate {
  const program = programs[table.program[flow]!]!;
  const step = table.step[flow]!;
  const op = program.ops[step]!;
  const isAcknowledged = table.acknowledged[flow] === table.sent[flow];
  const state = table.state[flow]!;
  if (state === refused) return 'refused';
  if (state === reset) return 'reset';
  if (state === closed && op === opEnd) return 'closed';
  if (state === closed) return op === opWait ? 'unfinished' : 'transfer';
  if (op === opHold && isAcknowledged) return 'held';
  const isSilent = (now - table.activeAt[flow]!) >>> 0 >= recent;
  const isInProgress = !isSilent && table.retries[flow] === 0 && (table.flags[flow]! & gaveUp) === 0;
  if (isInProgress || (op === opWait && isAcknowledged)) return 'unfinished';
  if (state === synSent) return 'opening';
  const repliesAreComplete = table.replies[flow]! >= program.requestCount[step]!;
  const flags = table.flags[flow]!;
  if ((flags & finQueued) !== 0) {
    if ((flags & finAcked) !== 0) return op === opEnd || repliesAreComplete ? 'closing' : 'transfer';
    const isOnlyFin = (flags & finSent) !== 0 && table.acknowledged[flow] === table.sent[flow]! - 1;
    return isOnlyFin ? 'closing' : 'data';
  }
  return op === opExpectFin && repliesAreComplete && isAcknowledged ? 'closing' : 'transfer';
}
