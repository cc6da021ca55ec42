import type { RecordedResults } from '../document/parseResults.js';
import { resultsTable } from './resultsTable.js';
import { tableMarkdown } from './tableMarkdown.js';

/**
 * The text of `docs/compatibility.md`: what each scenario came to, by image, kernel and flavour of iptables. `file` names the results, to
 * which the page links.
 */
export function compatibilityPage(recorded: Omit<RecordedResults, 'document'>, file: string): string {
  const table = resultsTable(recorded);
  const blocks = [
    '<!-- Written by `npm run docs` from compatibility/results.json. -->',
    '# Kernels and iptables, side by side',
    `${table.summary} A cell names the outcome (see [own-rules.md](use/own-rules.md#outcomes)), and links to the results it is from; the link's title is the folder of its evidence in the run. A cell in bold is not what the scenario expects. \`lvs-lab compare docs/compatibility RUNDIR\` compares a run of yours with it.`,
    ...tableMarkdown(table, {
      scenario: (id) => `[${id}](scenarios.md#${id.replace('/', '')})`,
      entry: (words, { evidence }) => `[${words}](${file} "${evidence}")`,
    }),
  ];
  return `${blocks.join('\n\n')}\n`;
}
