import { markdownTable } from '../text/markdownTable.js';
import type { ResultsTable, TableEntry } from './resultsTable.js';

/** How the parts of a table are written where it is published. */
export interface TableLinks {
  readonly scenario: (id: string) => string;
  readonly entry: (words: string, entry: TableEntry) => string;
}

/** The images' tables and that of the kernels, in Markdown, with a heading each. What was not expected is bold. */
export function tableMarkdown(table: ResultsTable, links: TableLinks): readonly string[] {
  const entryText = (entry: TableEntry) =>
    links.entry(entry.isExpected ? entry.words : `**${entry.words}**`, entry);
  return [
    ...table.images.flatMap(({ image, made, columns, rows }) => [
      `## ${image}`,
      made,
      markdownTable(
        ['scenario', 'expected', ...columns],
        rows.map(({ scenario, expected, entries }) => [
          links.scenario(scenario),
          expected,
          ...entries.map((all) => all.map(entryText).join(', ')),
        ]),
      ),
    ]),
    '## The kernels',
    markdownTable(table.kernelColumns, table.kernels),
  ];
}

/** A table to be published anywhere: a text in Markdown that leads to nothing else. */
export function publishedMarkdown(table: ResultsTable): string {
  const plain: TableLinks = { scenario: (id) => id, entry: (words) => words };
  const blocks = [
    `${table.summary} A cell names the outcome; one in bold is not what the scenario expects.`,
    ...tableMarkdown(table, plain),
  ];
  return `${blocks.join('\n\n')}\n`;
}
