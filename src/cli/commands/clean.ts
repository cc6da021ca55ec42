import type { Command } from '@commander-js/extra-typings';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { reporterFor } from '../options/reporterFor.js';

/** `clean`: removes what killed runs left behind. */
export function addClean(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('clean')
    .description('remove what runs left behind that were killed; running ones are left alone')
    .option('--cache', 'also remove the cache: kernels, roots, images and snapshots')
    .action(
      ending(async ({ cache }) => {
        const { services, print, io } = context;
        const reporter = reporterFor('auto', io);
        try {
          const removed = [...(await services.sweepLeftovers(reporter.emit))];
          if (cache) removed.push(...(await services.sweepCache()));
          for (const what of removed) print(`removed ${what}\n`);
          if (removed.length === 0) print('nothing was left behind\n');
        } finally {
          reporter.close();
        }
        return ExitCode.ok;
      }),
    );
}
