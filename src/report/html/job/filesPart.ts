import { bytesText } from '../../text/countText.js';
import { html, type Content, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';
import { dataTable, foldedTable } from '../parts/dataTable.js';
import { hrefOf } from './hrefOf.js';
import type { PageJob } from '../parts/pageJob.js';

/** Links to the raw files of a job, which lie beside the page. */
export function filesPart({ folder, evidence: { files = [] } }: PageJob): Html | undefined {
  if (files.length === 0) return undefined;
  const rows = files.map(({ name, bytes }): Content[] => [
    html`<a href="${hrefOf(`${folder}/${name}`)}">${name}</a>`,
    bytesText(bytes),
  ]);
  const title = inBoth((words) => words.files);
  const heads = [inBoth((words) => words.file), inBoth((words) => words.size)];
  return html`<section>
    <h4>${title}</h4>
    ${foldedTable([title, ` (${String(files.length)})`], dataTable(heads, rows, { caption: title }))}
  </section>`;
}
