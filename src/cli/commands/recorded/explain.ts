import type { Command } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import { explainedText } from '../../../report/console/explainedText.js';
import { resultDocument } from '../../../report/document/resultDocument.js';
import { UsageError } from '../../../support/errors.js';
import type { CommandAction } from '../../frame/commandAction.js';
import type { Context } from '../../frame/context.js';
import { jsonOption } from '../../options/options.js';
import { judgeBelow } from '../../results/judgeBelow.js';

/** `explain RUNDIR`: what is to blame, from the packets that a run with `--explain` followed. */
export function addExplain(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('explain')
    .description(
      'say what is to blame in a run with `--explain`: each packet, state and rule; changes nothing in it',
    )
    .argument('<rundir>', "a directory of `run` or `merge`, or one scenario's below it")
    .addOption(jsonOption())
    .action(
      ending(async (rundir, { json }) => {
        const below = resolve(context.io.cwd, rundir);
        const { results, engines = [] } = await judgeBelow(below, { expect: undefined, tell: context.tell });
        const explained = results.filter(({ verdict }) => verdict?.explanation !== undefined);
        if (explained.length === 0)
          throw new UsageError(
            `expected a run with followed packets in ${below}, found none: it was made without --explain, or every connection was healthy`,
            { hint: 'make one: `lvs-lab run --explain SCENARIO`' },
          );
        const exitCode = exitCodeOf(explained);
        const { paint, print, printJson, services } = context;
        if (json === true) {
          const told = { results: explained, engines, directory: below, exitCode };
          printJson(resultDocument({ ...told, version: services.version }));
        } else for (const result of explained) print(`${explainedText(result, paint)}\n`);
        return exitCode;
      }),
    );
}
