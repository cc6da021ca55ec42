import { isHealthy } from '../../../contracts/words/outcomes.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import type { Verdict } from '../../../verdict/model/verdict.js';
import { explanationLines } from '../../results/explanationText.js';
import { html, type Content, type Html } from '../markup/html.js';
import type { Words } from '../words/english.js';
import { inBoth } from '../words/say.js';
import { dataTable } from '../parts/dataTable.js';

interface Culprit {
  readonly how: (words: Words) => string;
  readonly node: string;
  readonly rule: string;
  readonly packets: number | undefined;
}

/** Who turned packets away, or may have, by counters and by the trace; undefined where nothing was turned away and nothing is amiss. */
export function causeSection({ verdict }: ScenarioResult): Html | undefined {
  if (verdict?.measured === undefined) return undefined;
  const culprits = culpritsOf(verdict);
  const { outcome, numbers } = verdict.measured;
  const counters = numbers.counters ?? [];
  if (isHealthy(outcome) && culprits.length === 0) return undefined;
  const rows = culprits.map(({ how, node, rule, packets }): Content[] => [
    html`<code>${rule}</code>`,
    node,
    packets ?? inBoth((words) => words.notCounted),
    inBoth(how),
  ]);
  const heads = [
    inBoth((words) => words.rule),
    inBoth((words) => words.node),
    inBoth((words) => words.packets),
    inBoth((words) => words.how),
  ];
  const table =
    rows.length === 0
      ? html`<p>${inBoth((words) => words.noCulprit)}</p>`
      : dataTable(heads, rows, { caption: inBoth((words) => words.culprits) });
  const moved =
    counters.length === 0
      ? undefined
      : dataTable(
          [inBoth((words) => words.counter), inBoth((words) => words.node), inBoth((words) => words.rose)],
          counters.map(({ counter, node, increment }) => [html`<code>${counter}</code>`, node, increment]),
          { caption: inBoth((words) => words.counters) },
        );
  return html`<section class="cause">
    <h4>${inBoth((words) => words.cause)}</h4>
    ${explained(verdict)}${table}${traceProblems(verdict)}${moved}
  </section>`;
}

/** What a run with `--explain` found to blame, with every fact. */
function explained({ explanation }: Verdict): Content {
  if (explanation === undefined) return undefined;
  const lines = explanationLines(explanation, true);
  return html`<pre class="explained" lang="en">${lines.join('\n')}</pre>`;
}

function culpritsOf({ measured, trace }: Verdict): readonly Culprit[] {
  if (measured === undefined) return [];
  const { rejected, taken = [], uncounted = [] } = measured.numbers;
  return [
    ...rejected.map((each) => ({ ...each, how: (words: Words) => words.howRejected })),
    ...taken.map((each) => ({ ...each, how: (words: Words) => words.howTaken })),
    ...(trace?.culprits ?? []).map(({ packet, ...each }) => ({
      ...each,
      how: (words: Words) => words.howTraced(packet),
    })),
    ...uncounted.map((each) => ({ ...each, packets: undefined, how: (words: Words) => words.howUncounted })),
  ];
}

function traceProblems({ trace }: Verdict): Content {
  if (trace === undefined || trace.problems.length === 0) return undefined;
  return html`<ul lang="en">
    ${trace.problems.map((problem) => html`<li>${problem}</li>`)}
  </ul>`;
}
