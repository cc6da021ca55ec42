/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import { FlowState, FlowFlag, type FlowTable } from './flowTable.js';
import { Op, type FlowProgram } from './flowProgram.js';

/** A flow that was active at most this many milliseconds ago, and retransmits nothing, counts as in progress and not as stuck. */
const recent = 1000;

/** What has become of a flow that was opened. */
export function fateOf(
  table: FlowTable,
  programs: readonly FlowProgram[],
  flow: number,
  now: number,
): FlowFate {
  const program = programs[table.program[flow]!]!;
  const step = table.step[flow]!;
  const op = program.ops[step]!;
  const isAcknowledged = table.acknowledged[flow] === table.sent[flow];
  const state = table.state[flow]!;
  if (state === FlowState.refused) return 'refused';
  if (state === FlowState.reset) return 'reset';
  if (state === FlowState.closed && op === Op.end) return 'closed';
  if (state === FlowState.closed) return op === Op.wait ? 'unfinished' : 'transfer';
  if (op === Op.hold && isAcknowledged) return 'held';
  const isSilent = (now - table.activeAt[flow]!) >>> 0 >= recent;
  const isInProgress = !isSilent && table.retries[flow] === 0 && (table.flags[flow]! & FlowFlag.gaveUp) === 0;
  if (isInProgress || (op === Op.wait && isAcknowledged)) return 'unfinished';
  if (state === FlowState.synSent) return 'opening';
  const repliesAreComplete = table.replies[flow]! >= program.requestCount[step]!;
  const flags = table.flags[flow]!;
  if ((flags & FlowFlag.finQueued) !== 0) {
    if ((flags & FlowFlag.finAcked) !== 0)
      return op === Op.end || repliesAreComplete ? 'closing' : 'transfer';
    const isOnlyFin = (flags & FlowFlag.finSent) !== 0 && table.acknowledged[flow] === table.sent[flow]! - 1;
    return isOnlyFin ? 'closing' : 'data';
  }
  return op === Op.expectFin && repliesAreComplete && isAcknowledged ? 'closing' : 'transfer';
}
