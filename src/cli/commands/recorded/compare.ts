import { outcomes } from '../../../contracts/words/outcomes.js';
import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { compareResults, criteria } from '../../../report/compare/compareResults.js';
import { distanceFromHealthy } from '../../../report/compare/outcomeSeverity.js';
import { comparisonText } from '../../../report/compare/comparisonText.js';
import { UsageError } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { jsonOption, verboseOption } from '../../options/options.js';
import { placeOfPage, writeComparisonPage } from '../../results/reports/pages.js';
import { readResults } from '../../results/resultsFile.js';

const outwards = outcomes.toSorted((one, other) => distanceFromHealthy(one) - distanceFromHealthy(other));

/** `compare A B`: what changed from one result set to another. */
export function addCompare(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('compare')
    .description('compare two result sets: which cells changed, and how')
    .argument('<a>', 'the results to start from: a directory of `run` or `merge`, or a results.json')
    .argument('<b>', 'the results to look at')
    .addOption(
      new Option(
        '--better <what>',
        'what is better: to be closer to healthy, or to be as the scenario file expects',
      )
        .choices(criteria)
        .default('healthy'),
    )
    .addOption(new Option('--html <file>', 'also write what differs as a page to look at'))
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addHelpText(
      'after',
      `
From healthy outwards: ${outwards.join(', ')}.
Whether a file expects what was seen is told apart; by default nothing is better or worse for it.

Exit codes:
  0    nothing is worse
  1    something is worse
  2    the comparison broke
  3    nothing is worse as far as one can tell: something cannot be compared (inconclusive, refused, broke, not run)
  5    wrong usage, or no results there

Where A and B each have one kernel only, or one image, or one iptables, that is what is compared and does not keep cells apart.

Examples:
  lvs-lab run 'close/*' --kernel debian:bookworm --out before
  lvs-lab run 'close/*' --kernel patched --out after
  lvs-lab compare before after`,
    )
    .action(
      ending(async (a, b, { json, better, html, verbose = false }) => {
        const { io, print, printJson, paint } = context;
        const sides = [resolve(io.cwd, a), resolve(io.cwd, b)] as const;
        const page =
          html && (await placeOfPage({ option: '--html', named: html, cwd: io.cwd, inputs: sides }));
        const [one, other] = [await readResults(sides[0]), await readResults(sides[1])];
        const comparison = compareResults(one, other, better);
        if (comparison.cells.length === 0) throw nothingInCommon(comparison);
        if (json) printJson(comparison);
        else print(comparisonText(comparison, paint, { verbose }));
        if (page !== undefined) await writeComparisonPage(comparison, page);
        return comparison.exitCode;
      }),
    );
}

function nothingInCommon({ a, b, onlyInA, onlyInB }: ReturnType<typeof compareResults>): UsageError {
  const few = (cells: typeof onlyInA) =>
    cells.length === 0
      ? 'no results'
      : cells
          .slice(0, 3)
          .map(({ scenario, cell }) => (cell === '' ? scenario : `${scenario} (${cell})`))
          .join(', ');
  return new UsageError(
    `expected ${a.directory} and ${b.directory} to have a scenario and cell in common, found ${few(onlyInA)} in the first and ${few(onlyInB)} in the second`,
    {
      hint: 'run the same scenarios, with the same --kernel, --image and --iptables but for the one to compare',
    },
  );
}
