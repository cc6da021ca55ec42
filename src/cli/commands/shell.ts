import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { runOption } from '../options/options.js';

/** `shell NODE [-- CMD...]`: inside a node of the lab that `up` holds. */
export function addShell(program: Command, { services }: Context, ending: CommandAction): void {
  program
    .command('shell')
    .description('open a shell, or run a command, in a node of the lab that is up; ends with its exit code')
    .argument('<node>', 'client, director, realserver1 ...')
    .argument('[command...]', 'after --: what to run instead of a shell')
    .addOption(runOption())
    .action(ending((node, argv, { run }) => services.openShell({ node, argv, runId: run })));
}
