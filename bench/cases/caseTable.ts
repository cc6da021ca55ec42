import { markdownTable } from '../../src/report/text/markdownTable.js';
import { medianOf, spreadText } from '../timings/spread.js';
import type { CaseResult, Turn } from './caseResult.js';

/** Seconds a case of one side, one for each turn. */
interface Side {
  readonly name: string;
  readonly seconds: (turn: Turn) => number;
  readonly cpuSeconds: ((turn: Turn) => number) | undefined;
}

const script: Side = {
  name: 'plain script',
  seconds: ({ script: { seconds } }) => seconds,
  cpuSeconds: ({ script: { cpuSeconds } }) => cpuSeconds,
};
const withoutControl: Side = {
  name: 'plain script, without its control runs',
  seconds: ({ script: { seconds, controlSeconds } }) => seconds - controlSeconds,
  cpuSeconds: undefined,
};
const lab: Side = {
  name: 'lab',
  seconds: ({ lab: { seconds } }) => seconds,
  cpuSeconds: ({ lab: { cpuSeconds } }) => cpuSeconds,
};

/** Seconds a case of both sides, and how the lab does beside the script, in Markdown. */
export function caseTable(result: Pick<CaseResult, 'outcomes' | 'turns' | 'work'>): string {
  const { outcomes, turns } = result;
  const cell = (amount: (turn: Turn) => number) =>
    spreadText(turns.map((turn) => amount(turn) / outcomes.length));
  // Of several cases at a time nobody can say how long they would have taken without their control runs.
  const sides = result.work.atOnce === 1 ? [script, withoutControl, lab] : [script, lab];
  const rows = sides.map(({ name, seconds, cpuSeconds }) => [
    name,
    cell(seconds),
    cpuSeconds === undefined ? '' : cell(cpuSeconds),
  ]);
  const { seconds, cpuSeconds } = labBesideScript(turns);
  const head = [`a case, median of ${turns.length} (least to most)`, 'by the clock', 'of processors'];
  return markdownTable(head, [...rows, ['lab : plain script', seconds.toFixed(2), cpuSeconds.toFixed(2)]]);
}

/** The lab's median divided by the script's. */
export function labBesideScript(turns: readonly Turn[]): {
  readonly seconds: number;
  readonly cpuSeconds: number;
} {
  const ratio = (key: 'seconds' | 'cpuSeconds') =>
    medianOf(turns.map((turn) => turn.lab[key])) / medianOf(turns.map((turn) => turn.script[key]));
  return { seconds: ratio('seconds'), cpuSeconds: ratio('cpuSeconds') };
}
