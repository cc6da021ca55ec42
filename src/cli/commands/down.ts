import type { Command } from 'commander';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import { runOption, type RunOption } from '../options/options.js';
import type { End } from '../frame/end.js';

/** `down`: removes the lab that `up` holds. */
export function addDown(program: Command, { services, print }: Context, end: End): void {
  program
    .command('down')
    .description('remove the lab that `up` holds')
    .addOption(runOption())
    .action(async ({ run }: RunOption) => {
      const { scenario, runId } = await services.stopSession(run);
      print(`${scenario} (${runId}) is gone\n`);
      end(ExitCode.ok);
    });
}
