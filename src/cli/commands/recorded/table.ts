import { Option, type Command } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { resultsTable } from '../../../report/pages/resultsTable.js';
import { publishedMarkdown } from '../../../report/pages/tableMarkdown.js';
import { ExitCode, UsageError } from '../../../support/errors.js';
import type { CommandAction } from '../../frame/commandAction.js';
import type { Context } from '../../frame/context.js';
import { readResults } from '../../results/resultsFile.js';

/** `table RESULTS`: results side by side, to be published. */
export function addTable(program: Command, { io, print }: Context, ending: CommandAction): void {
  program
    .command('table')
    .description('print results side by side, by image, scenario, kernel and iptables, to be published')
    .argument('<results>', 'a directory of `run` or `merge`, or a results.json')
    .addOption(new Option('--markdown', 'as Markdown (the default)').conflicts('html'))
    .addOption(new Option('--html', 'as a page of its own'))
    .action(
      ending(async (named, { html }) => {
        const place = resolve(io.cwd, named);
        const recorded = await readResults(place);
        if (recorded.results.length === 0) {
          throw new UsageError(`expected results to put side by side, found none in ${place}`, {
            hint: 'run something, and name its directory',
          });
        }
        const table = resultsTable(recorded);
        if (html === true) {
          // What makes pages is loaded when one is asked for.
          const { tablePageText } = await import('../../../report/html/tablePage.js');
          print(await tablePageText(table, named));
        } else print(publishedMarkdown(table));
        return ExitCode.ok;
      }),
    );
}
