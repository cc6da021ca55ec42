import type { FilterTable, MarkedRule } from '../data/filterTables.js';
import { html, type Content, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';
import { dataTable } from '../parts/dataTable.js';

/** A table with more rules than this is cut; the raw file has all. */
const mostRules = 300;

/** The nodes' packet filters as they were listed at the end, with what each rule counted, and those marked that turned packets away. */
export function filtersPart(filters: readonly FilterTable[]): Html {
  const title = html`<h4>${inBoth((words) => words.rules)}</h4>`;
  if (filters.length === 0)
    return html`<section>
      ${title}
      <p>${inBoth((words) => words.noRules)}</p>
    </section>`;
  return html`<section>${title}${filters.map(filterTable)}</section>`;
}

function filterTable({ node, table, rules }: FilterTable): Html {
  const heads = [
    inBoth((words) => words.rule),
    inBoth((words) => words.chain),
    inBoth((words) => words.packets),
    inBoth((words) => words.mark),
  ];
  const shown = rules.slice(0, mostRules);
  const left = rules.length - shown.length;
  const caption = [
    inBoth((words) => words.rulesOf(node, table)),
    left === 0 ? undefined : [' ', inBoth((words) => words.more(left, `measured/${node}.final`))],
  ];
  return dataTable(heads, shown.map(rowOf), { caption, kinds: shown.map(({ mark }) => `rule ${mark}`) });
}

function rowOf({ chain, rule, packets, mark }: MarkedRule): Content[] {
  return [
    html`<code>${rule}</code>`,
    chain,
    packets ?? inBoth((words) => words.notCounted),
    mark === 'none' ? '' : inBoth((words) => words.marks[mark]),
  ];
}
