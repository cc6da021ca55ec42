import type { ResultsTable, TableEntry } from '../pages/resultsTable.js';
import { documentText } from './document.js';
import { html, type Content } from './markup/html.js';
import { dataTable } from './parts/dataTable.js';

/** The text of a page that has results side by side. */
export function tablePageText(table: ResultsTable, title: string): Promise<string> {
  return documentText({
    title: `lvs-lab: ${title}`,
    heading: title,
    body: [
      html`<p lang="en">${table.summary} What is not what the scenario expects is bold.</p>`,
      ...table.images.map(
        ({ image, made, columns, rows }) =>
          html`<section lang="en">
            <h2>${image}</h2>
            ${dataTable(
              ['scenario', 'expected', ...columns],
              rows.map(({ scenario, expected, entries }) => [
                scenario,
                expected,
                ...entries.map((all) => all.map(entryLine)),
              ]),
              { caption: made },
            )}
          </section>`,
      ),
      html`<section lang="en">
        <h2>kernels</h2>
        ${dataTable(
          table.kernelColumns.map((column) => column.replaceAll('`', '')),
          table.kernels,
          { caption: 'as their machines said' },
        )}
      </section>`,
    ],
  });
}

const entryLine = ({ words, isExpected }: TableEntry): Content =>
  html`<span class="line">${isExpected ? words : html`<b>${words}</b>`}</span>`;
