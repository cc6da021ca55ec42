import type { PhaseFinding } from '../../../verdict/model/verdict.js';
import { fateLines } from '../../results/fateLines.js';
import { html, type Content, type Html } from '../markup/html.js';
import type { Words } from '../words/english.js';
import { inBoth } from '../words/say.js';
import { dataTable, foldedTable } from '../parts/dataTable.js';

/** More are in verdict.json. */
const mostListed = 100;

/** What became of the connections: a line for each different fate, and the connections one by one. */
export function connectionsPart(finding: PhaseFinding): Html {
  const { connections } = finding;
  const heads = [
    inBoth((words) => words.client),
    inBoth((words) => words.fate),
    inBoth((words) => words.realserver),
    inBoth((words) => words.clientState),
    inBoth((words) => words.realserverState),
    'IPVS',
  ];
  const rows = connections
    .slice(0, mostListed)
    .map(({ client, fate, realserver, clientState, realserverState, ipvsState }): Content[] => [
      html`<code>${client}</code>`,
      inBoth((words) => fateText(fate, words)),
      realserver,
      clientState,
      realserverState,
      ipvsState,
    ]);
  const left = connections.length - rows.length;
  const caption = [
    inBoth((words) => words.connections),
    left === 0 ? undefined : [' ', inBoth((words) => words.more(left, 'verdict.json'))],
  ];
  return html`<section>
    <h4>${inBoth((words) => words.whatHappened)}</h4>
    <ul lang="en">
      ${fateLines(finding).map((line) => html`<li>${line}</li>`)}
    </ul>
    ${
      rows.length === 0
        ? undefined
        : foldedTable(
            inBoth((words) => words.connections),
            dataTable(heads, rows, { caption }),
          )
    }
  </section>`;
}

function fateText(fate: PhaseFinding['connections'][number]['fate'], words: Words): string {
  return fate === 'unexplained' ? words.unexplained : words.outcomes[fate];
}
