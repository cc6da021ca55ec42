import { relative } from 'node:path';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { numberDifferences } from '../compare/numberDifferences.js';
import { findingText } from '../results/findingText.js';
import { resultLabel } from '../results/resultLabel.js';
import { resultOf } from '../results/resultKind.js';
import { expectedAndSeenText, reasonLines } from '../results/resultText.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import { fitText } from '../text/wrap.js';
import { durationText } from '../../support/duration.js';

/** An earlier result of a job, and the number of the round that it is from. */
export interface EarlierResult {
  readonly round: number;
  readonly result: ScenarioResult;
}

/** How many numbers are shown that changed; the evidence has all. */
const mostNumbers = 8;

/** What one job came to in a round of watching: verdict, cause, and what is not as it was in the round before. */
export function watchedText(result: ScenarioResult, before: EarlierResult | undefined, paint: Paint): string {
  const lines = [
    `${resultLabel(result, paint)}  ${paint.bold(result.job)}: ${expectedAndSeenText(result)}`,
    ...reasonLines(result).map((line) => (result.verdict === undefined ? `  ${line}` : `  - ${line}`)),
    ...sinceLines(result, before).map((line) => `  ${line}`),
  ];
  return fitText(`${lines.join('\n')}\n`, paint.columns);
}

/** A round that begins, and why. */
export interface RoundStart {
  readonly round: number;
  /** Files that changed. */
  readonly files: readonly string[];
  /** Whether somebody asked for it. */
  readonly isAsked: boolean;
}

/** How a round is headed: its number, the time of day, and why it is run. */
export function roundText(
  { round, files, isAsked }: RoundStart,
  { now, cwd, paint }: { readonly now: Date; readonly cwd: string; readonly paint: Paint },
): string {
  const changed = files.map((file) => relative(cwd, file) || file).join(', ');
  const why = changed !== '' ? `, changed: ${changed}` : isAsked ? ', asked for' : '';
  return fitText(`${paint.dim(timeText(now))}  round ${String(round)}${why}\n`, paint.columns);
}

/** The time of day. */
function timeText(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');
}

/** How long a round took from the change, or from when it was asked for. */
export function tookText(seconds: number, files: readonly string[]): string {
  const from = files.length === 0 ? 'the verdict took' : 'from the change to the verdict:';
  return `${from} ${durationText(seconds)}\n`;
}

/** What is being watched, and the keys there are. */
export function waitingText(files: number, hasKeys: boolean): string {
  const keys = hasKeys ? 'q quits, r runs again, e explains' : 'Ctrl-C ends';
  return `watching ${countText(files, 'file')}; ${keys}\n`;
}

function sinceLines(result: ScenarioResult, before: EarlierResult | undefined): readonly string[] {
  if (before === undefined) return [];
  const { round, result: earlier } = before;
  const seen = [earlier, result].map(seenText) as [string, string];
  const hasBoth = [earlier, result].every(({ verdict }) => verdict?.measured !== undefined);
  const numbers = (hasBoth ? numberDifferences(earlier, result) : []).map(
    ({ what, a, b }) => `  ${what}: ${String(a)} -> ${String(b)}`,
  );
  const more = numbers.length - mostNumbers;
  const changes = [
    ...(seen[0] === seen[1] ? [] : [`  ${seen[0]} -> ${seen[1]}`]),
    ...numbers.slice(0, mostNumbers),
    ...(more > 0 ? [`  and ${countText(more, 'number')} more`] : []),
  ];
  const since = `since round ${String(round)}`;
  return changes.length === 0 ? [`${since} nothing has changed`] : [`${since}:`, ...changes];
}

function seenText(result: ScenarioResult): string {
  const kind = resultOf(result);
  return result.verdict === undefined ? kind : `${kind}: ${findingText(result.verdict.measured)}`;
}
