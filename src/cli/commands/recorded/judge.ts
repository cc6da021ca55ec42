import type { Command } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { expectOption, jsonOption, verboseOption } from '../../options/options.js';
import { judgeBelow } from '../../results/judgeBelow.js';
import { printResults } from '../../results/results.js';

/** `judge RUNDIR`: the same verdict again, from the raw evidence. */
export function addJudge(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('judge')
    .description('judge recorded evidence again; changes nothing in it')
    .argument('<rundir>', "a directory of `run` or `merge`, or one scenario's below it")
    .addOption(expectOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(
      ending(async (rundir, { expect, json, verbose }) => {
        const below = resolve(context.io.cwd, rundir);
        const { results, engines } = await judgeBelow(below, { expect, tell: context.tell });
        const exitCode = exitCodeOf(results);
        printResults(context, { results, engines, directory: below, exitCode, json, verbose });
        return exitCode;
      }),
    );
}
