import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from '../results/cellText.js';
import { explanationLines } from '../results/explanationText.js';
import { findingText } from '../results/findingText.js';
import type { Paint } from '../text/colour.js';
import { fitText } from '../text/wrap.js';

/** What is to blame for a result, with every fact that shows it. */
export function explainedText({ job, cell, verdict }: ScenarioResult, paint: Paint): string {
  const where = cellText(cell);
  const head = `${paint.bold(job)}${where === '' ? '' : ` (${where})`}: ${findingText(verdict?.measured)}`;
  const explanation = verdict?.explanation;
  const lines = explanation === undefined ? [] : explanationLines(explanation, true);
  return fitText(`${[head, '', ...lines.map((line) => `  ${line}`)].join('\n')}\n`, paint.columns);
}
