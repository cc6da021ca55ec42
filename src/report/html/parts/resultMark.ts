import { resultOf, type ResultKind } from '../../results/resultKind.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { html, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';

/** Told by its shape, not by its colour alone. */
const signs: Readonly<Record<ResultKind, string>> = {
  pass: '\u2713',
  fail: '\u2717',
  inconclusive: '?',
  broke: '!',
  refused: '\u2298',
  'not-run': '\u2013',
};

/** The word for a job's result, with its sign and colour. */
export function resultMark(result: ScenarioResult): Html {
  const kind = resultOf(result);
  return html`<span class="result ${kind}"
    ><span aria-hidden="true">${signs[kind]}</span> ${inBoth((words) => words.results[kind])}</span
  >`;
}
