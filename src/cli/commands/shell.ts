import type { Command } from 'commander';
import type { Context } from '../frame/context.js';
import { runOption, type RunOption } from '../options/options.js';
import type { End } from '../frame/end.js';

/** `shell NODE [-- CMD...]`: inside a node of the lab that `up` holds. */
export function addShell(program: Command, { services }: Context, end: End): void {
  program
    .command('shell')
    .description('open a shell, or run a command, in a node of the lab that is up; ends with its exit code')
    .argument('<node>', 'client, director, realserver1 ...')
    .argument('[command...]', 'after --: what to run instead of a shell')
    .addOption(runOption())
    .action(async (node: string, argv: string[], { run }: RunOption) => {
      end(await services.openShell({ node, argv, runId: run }));
    });
}
