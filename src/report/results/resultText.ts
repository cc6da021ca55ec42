import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import { errorText } from '../text/errorText.js';
import { blameLine } from './explanationText.js';
import { fateLines } from './fateLines.js';
import { culpritLines } from './blockingRules.js';
import { notRunText } from './notRunText.js';
import { findingText } from './findingText.js';
import { resultOf } from './resultKind.js';
import { expectationLabel } from './expectationLabel.js';
import { EvidenceError } from '../../evidence/text/error.js';
import { durationText } from '../../support/duration.js';

/** A result as one sentence: `bug seen, expected healthy: expected healthy, saw close-blocked with ICMP 3/10 (host-prohibited) from director`. */
export function resultText(result: ScenarioResult): string {
  const label = expectationLabel(result);
  return `${label === undefined ? '' : `${label}: `}${expectedAndSeenText(result)}`;
}

/** What was expected, and what was seen. */
export function expectedAndSeenText(result: ScenarioResult): string {
  const { verdict, seconds, notRun, error } = result;
  if (notRun !== undefined) return `not run: ${notRunText(notRun)}`;
  if (resultOf(result) === 'refused') return 'the file was refused, for what it loads is not taken';
  if (verdict === undefined && error instanceof EvidenceError)
    return 'no verdict, for the evidence is missing or unreadable';
  if (verdict === undefined) return `the lab broke after ${durationText(seconds)}`;
  return `expected ${expectationText(verdict.expected)}, saw ${findingText(verdict.measured)}`;
}

/**
 * Why a result is what it is, as lines without colours: the verdict's reasons and explanation, what was refused, or what broke the lab.
 * Empty when the sentence says everything.
 */
export function reasonLines({ verdict, error, notRun }: ScenarioResult): readonly string[] {
  if (notRun !== undefined) return [];
  if (verdict === undefined) return errorText(error).trimEnd().split('\n');
  return [...verdict.reasons, ...explanationLines(verdict)];
}

/** Explains a verdict: a line for each fate of the measured connections, and the rules and counters that show a loss. */
export function explanationLines(verdict: Verdict): readonly string[] {
  const fates = verdict.measured === undefined ? [] : fateLines(verdict.measured);
  const { explanation } = verdict;
  return [
    ...fates,
    ...culpritLines(verdict),
    ...(explanation === undefined ? [] : [blameLine(explanation), ...explanation.summary]),
  ];
}
