import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import { cellText } from '../results/cellText.js';
import type { Paint } from '../text/colour.js';
import { traceTable } from '../results/blockingRules.js';
import { errorText } from '../text/errorText.js';
import { explanationLines } from '../results/explanationText.js';
import { fateLines } from '../results/fateLines.js';
import { indent } from '../text/countText.js';
import { fatesText, numbersText } from './numbersText.js';
import { findingText } from '../results/findingText.js';
import { resultLabel } from '../results/resultLabel.js';
import { expectedAndSeenText } from '../results/resultText.js';
import { paintedExpectationLabel } from '../results/expectationLabel.js';
import { fitText } from '../text/wrap.js';

/** One job's result for people: headline, why, the numbers, the control, and where the evidence is. */
export function scenarioText(
  result: ScenarioResult,
  paint: Paint,
  options: { debug?: boolean; verbose?: boolean } = {},
): string {
  const { verdict, error, notRun } = result;
  if (notRun !== undefined) return fitText(`${headlineText(result, paint)}\n`, paint.columns);
  const lines = [headlineText(result, paint), ''];
  if (error !== undefined) lines.push(indent(errorText(error, { paint, debug: options.debug ?? false }), 2));
  else lines.push(...verdictLines(verdict, paint, options.verbose ?? false));
  lines.push(`  evidence: ${result.directory}`);
  return fitText(`${lines.join('\n')}\n`, paint.columns);
}

function headlineText(result: ScenarioResult, paint: Paint): string {
  const { job, cell } = result;
  const where = cellText(cell);
  const title = `${resultLabel(result, paint)}  ${paint.bold(job)}${where === '' ? '' : ` (${where})`}`;
  const label = paintedExpectationLabel(result, paint);
  return `${title}: ${label === undefined ? '' : `${label}: `}${expectedAndSeenText(result)}`;
}

function verdictLines(verdict: Verdict, paint: Paint, verbose: boolean): string[] {
  const lines = verdict.reasons.map((reason) => `  - ${reason}`);
  if (lines.length > 0) lines.push('');
  if (verdict.measured !== undefined) {
    const fates = fateLines(verdict.measured).map((line) => `  - ${line}`);
    lines.push(
      ...fates,
      ...(fates.length === 0 ? [] : ['']),
      numbersText(verdict.measured.numbers, paint),
      '',
    );
  }
  if (verdict.trace !== undefined) lines.push(traceTable(verdict.trace, paint), '');
  if (verdict.explanation !== undefined)
    lines.push(...explanationLines(verdict.explanation, verbose).map((line) => `  ${line}`), '');
  lines.push(`  control without rules: ${controlText(verdict)}`);
  return lines;
}

function controlText({ control }: Verdict): string {
  if (control === undefined) return 'never ran, or cannot be read';
  const unsound = control.unsound.map((why) => `; ${why}`).join('');
  return `${findingText(control)}; ${fatesText(control.numbers)}${unsound}`;
}
