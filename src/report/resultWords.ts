import type { ScenarioResult } from '../run/result.js';
import { formatExpectation } from '../verdict/naming.js';
import { renderError } from './errors.js';
import { duration } from './format.js';
import { notRunText } from './notRunText.js';
import { findingText } from './outcomeText.js';

/** One sentence: `expected healthy, saw close-blocked with ICMP 3/10 (host-prohibited) from director`. */
export function resultSentence({ verdict, seconds, notRun }: ScenarioResult): string {
  if (notRun !== undefined) return `not run: ${notRunText(notRun)}`;
  if (verdict === undefined) return `the lab broke after ${duration(seconds)}`;
  return `expected ${formatExpectation(verdict.expected)}, saw ${findingText(verdict.measured)}`;
}

/** Why: the verdict's reasons, or what broke the lab, as lines without colours; nothing where the sentence says all. */
export function resultReasons({ verdict, error, notRun }: ScenarioResult): readonly string[] {
  if (notRun !== undefined) return [];
  return verdict === undefined ? renderError(error).trimEnd().split('\n') : verdict.reasons;
}
