import { changes, type ComparedCell, type Comparison } from '../compare/compareResults.js';
import { documentText } from './document.js';
import { html, type Content, type Html } from './markup/html.js';
import { dataTable } from './parts/dataTable.js';
import { inBoth } from './words/say.js';

/** The text of the page that shows what differs between two result sets. */
export async function comparisonPageText(comparison: Comparison): Promise<string> {
  const { a, b, cells, onlyInA, onlyInB, conditions } = comparison;
  const counts = changes.flatMap((change) => {
    const n = cells.filter((cell) => cell.change === change).length;
    return n === 0
      ? []
      : [
          html`<li>
            <span class="change ${change}">${inBoth((words) => words.changes[change])}</span> ${n}
          </li>`,
        ];
  });
  const ordered = changes.flatMap((change) => cells.filter((cell) => cell.change === change));
  return documentText({
    title: `lvs-lab: ${a.directory} and ${b.directory}`,
    heading: inBoth((words) => words.comparison),
    body: [
      html`<dl class="sides">
        <dt>A</dt>
        <dd>${a.directory}</dd>
        <dt>B</dt>
        <dd>${b.directory}</dd>
      </dl>`,
      [a, b].map(({ error, directory }) =>
        error === undefined
          ? undefined
          : html`<p class="note"><span lang="en">${directory}: ${error.message}</span></p>`,
      ),
      html`<section>
        <h2>${inBoth((words) => words.overview)}</h2>
        <ul class="counts">
          ${counts}
        </ul>
        ${cellTable(ordered)}
      </section>`,
      html`<section>
        <h2>${inBoth((words) => words.conditions)}</h2>
        ${conditions.length === 0 ? html`<p>${inBoth((words) => words.noConditions)}</p>` : conditionTable(conditions)}
      </section>`,
      onlyIn('A', onlyInA),
      onlyIn('B', onlyInB),
    ],
  });
}

function cellTable(cells: readonly ComparedCell[]): Html {
  const heads = [
    inBoth((words) => words.scenario),
    inBoth((words) => words.change),
    'A',
    'B',
    inBoth((words) => words.differentNumbers),
  ];
  const rows = cells.map((cell): Content[] => [
    [cell.scenario, cell.cell === '' ? undefined : html`<span class="title">${cell.cell}</span>`],
    html`<span class="change ${cell.change}">${inBoth((words) => words.changes[cell.change])}</span>`,
    seenList(cell.a),
    seenList(cell.b),
    cell.numbers.map(
      ({ what, a, b }) => html`<span class="line" lang="en">${what}: ${a ?? '-'} → ${b ?? '-'}</span>`,
    ),
  ]);
  return dataTable(heads, rows, { caption: inBoth((words) => words.compared(cells.length)) });
}

function seenList(seen: ComparedCell['a']): Content {
  const all = Object.entries(seen);
  const isOnce = all.length === 1 && all[0]?.[1] === 1;
  return all.map(
    ([what, n]) => html`<span class="line" lang="en">${isOnce ? '' : `${String(n)} \u00d7 `}${what}</span>`,
  );
}

function conditionTable(conditions: Comparison['conditions']): Html {
  return dataTable(
    [inBoth((words) => words.what), 'A', 'B'],
    conditions.map(({ what, a, b }): Content[] => [html`<span lang="en">${what}</span>`, a, b]),
    { caption: inBoth((words) => words.conditions) },
  );
}

function onlyIn(which: string, cells: Comparison['onlyInA']): Content {
  if (cells.length === 0) return undefined;
  return html`<section>
    <h2>${inBoth((words) => words.onlyIn(which))}</h2>
    <ul>
      ${cells.map(({ scenario, cell }) => html`<li>${cell === '' ? scenario : `${scenario} (${cell})`}</li>`)}
    </ul>
  </section>`;
}
