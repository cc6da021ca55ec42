import type { Command } from '@commander-js/extra-typings';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { runOption } from '../options/options.js';

/** `down`: removes the lab that `up` holds. */
export function addDown(program: Command, { services, print }: Context, ending: CommandAction): void {
  program
    .command('down')
    .description('remove the lab that `up` holds')
    .addOption(runOption())
    .action(
      ending(async ({ run }) => {
        const { scenario, runId } = await services.stopSession(run);
        print(`${scenario} (${runId}) is gone\n`);
        return ExitCode.ok;
      }),
    );
}
