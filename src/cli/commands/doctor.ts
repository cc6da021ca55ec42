import type { Command } from '@commander-js/extra-typings';
import type { Requirement } from '../../engine/host/diagnose.js';
import { requirementsText } from '../../report/listings/requirementsText.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { engineOption, type EngineOptions } from '../options/options.js';
import { reporterFor } from '../options/reporterFor.js';

interface DoctorOptions {
  readonly engine: EngineOptions['engine'];
  readonly install?: true;
  readonly quiet?: true;
}

/** `doctor`: what the lab needs of this machine, and what of it is missing. */
export function addDoctor(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('doctor')
    .description('check what the lab needs of this machine')
    .option('--install', 'install what is missing (root on Debian or Ubuntu)')
    .option('--quiet', 'print only what is missing')
    .addOption(engineOption())
    .action(ending((options) => examine(options, context)));
}

async function examine({ engine, install, quiet }: DoctorOptions, context: Context): Promise<ExitCode> {
  const { services, print, paint, io } = context;
  let requirements = await services.diagnose({ engine });
  if (install && requirements.some(isMissing)) {
    const reporter = reporterFor('auto', io);
    try {
      await services.installMissing(requirements, reporter.emit);
    } finally {
      reporter.close();
    }
    requirements = await services.diagnose({ engine });
  }
  print(requirementsText(quiet ? requirements.filter(isMissing) : requirements, paint));
  return requirements.some(isMissing) ? ExitCode.labBroke : ExitCode.ok;
}

function isMissing({ state }: Requirement): boolean {
  return state === 'missing';
}
