import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compareResults } from '../../report/compare/compare.js';
import { comparisonText } from '../../report/compare/text.js';
import { UsageError } from '../../support/errors.js';
import type { Context } from '../context.js';
import { jsonOption, verboseOption, type VerboseOption } from '../options.js';
import { readResults } from '../resultsFile.js';
import type { End } from './end.js';

interface CompareOptions extends VerboseOption {
  readonly json?: boolean;
}

/** `compare A B`: what changed from one result set to another. */
export function addCompare(program: Command, context: Context, end: End): void {
  program
    .command('compare')
    .description('compare two result sets: which cells changed, and how')
    .argument('<a>', 'the results to start from: a directory of `run` or `merge`, or a results.json')
    .argument('<b>', 'the results to look at')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addHelpText(
      'after',
      `
Ends with 0 when nothing got worse, 1 when something did, 3 when nothing did as far as one can tell, for something is undecided in B.
Where A and B each have one kernel only, or one image, or one iptables, that is what is compared and does not keep cells apart.

Examples:
  lvs-lab run 'close/*' --kernel debian:bookworm --out before
  lvs-lab run 'close/*' --kernel patched --out after
  lvs-lab compare before after`,
    )
    .action(async (a: string, b: string, { json, verbose = false }: CompareOptions) => {
      const { io, print, printJson, paint } = context;
      const [one, other] = [await readResults(resolve(io.cwd, a)), await readResults(resolve(io.cwd, b))];
      const comparison = compareResults(one, other);
      if (comparison.cells.length === 0) throw nothingInCommon(comparison);
      if (json) printJson(comparison);
      else print(comparisonText(comparison, paint, { verbose }));
      end(comparison.exitCode);
    });
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
