import type { Command } from 'commander';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import { reporterFor } from '../options/reporterFor.js';
import type { End } from '../frame/end.js';

/** `clean`: removes what killed runs left behind. */
export function addClean(program: Command, context: Context, end: End): void {
  program
    .command('clean')
    .description('remove what runs left behind that were killed; running ones are left alone')
    .option('--cache', 'also remove the cache: kernels, roots, images and snapshots')
    .action(async ({ cache }: { cache?: boolean }) => {
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
      end(ExitCode.ok);
    });
}
