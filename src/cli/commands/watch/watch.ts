import type { Command } from '@commander-js/extra-typings';
import { scenarioFiles } from '../../../scenario/library/library.js';
import { ExitCode } from '../../../support/errors.js';
import type { CommandAction } from '../../frame/commandAction.js';
import type { Context } from '../../frame/context.js';
import { withOptions } from '../../options/declared.js';
import { refuseUselessEngine } from '../../options/refuseUselessEngine.js';
import { watchFiles } from './watchFiles.js';
import { watchOptions } from './watchOptions.js';

/** `watch SCENARIO...`: runs scenarios again whenever one of their files is saved. */
export function addWatch(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('watch')
    .description(
      'run scenarios again whenever their file, or a rule file that it names, is saved, in a lab that is kept ready',
    )
    .argument('<scenario...>', "ids, globs such as 'close/*', or paths of .yaml files");
  withOptions(command, watchOptions())
    .addHelpText('after', keysHelp)
    .action(
      ending(async (names, options) => {
        refuseUselessEngine(options);
        await watchFiles(await scenarioFiles(names), options, context);
        return ExitCode.ok;
      }),
    );
}

const keysHelp = `
Keys, at a terminal: q quits, r runs everything again, e runs what is not healthy again and explains it. Each round has a run
directory of its own in that of \`--out\`. A file with an error is shown with the place, and watched on.`;
