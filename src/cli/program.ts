import { Command } from '@commander-js/extra-typings';
import { addCheck } from './commands/check.js';
import { addClean } from './commands/clean.js';
import { addCompletion } from './commands/completion.js';
import { addCompare } from './commands/recorded/compare.js';
import { addDoctor } from './commands/doctor.js';
import { addDown } from './commands/down.js';
import { addExplain } from './commands/recorded/explain.js';
import { addImages } from './commands/images/images.js';
import { addInit } from './commands/init.js';
import { addJudge } from './commands/recorded/judge.js';
import { addKernel } from './commands/kernel.js';
import { addList } from './commands/list.js';
import { addMerge } from './commands/recorded/merge.js';
import { addPlan } from './commands/plan.js';
import { addReport } from './commands/recorded/report.js';
import { addRun } from './commands/run.js';
import { addShell } from './commands/shell.js';
import { addShow } from './commands/show.js';
import { addTable } from './commands/recorded/table.js';
import { addTools } from './commands/images/tools.js';
import { addUp } from './commands/up/up.js';
import { addValidate } from './commands/validate.js';
import { addWatch } from './commands/watch/watch.js';
import type { Context } from './frame/context.js';
import type { CommandAction } from './frame/commandAction.js';
import { refuseEmptyArguments, refuseMisread } from './options/refuseMisread.js';
import { helpLayout } from './frame/helpLayout.js';
import { fitText } from '../report/text/wrap.js';
import { exitCodesHelp, exitCodesOf } from './frame/exitCodes.js';

const commands = [
  addRun,
  addWatch,
  addCheck,
  addList,
  addPlan,
  addValidate,
  addJudge,
  addExplain,
  addMerge,
  addCompare,
  addReport,
  addTable,
  addKernel,
  addImages,
  addTools,
  addDoctor,
  addClean,
  addUp,
  addShell,
  addDown,
  addInit,
  addShow,
  addCompletion,
];

/** The whole command line. It throws CommanderError instead of ending the process. */
export function makeProgram(context: Context, ending: CommandAction): Command {
  const { stdout, stderr } = context.io;
  const program = new Command('lvs-lab')
    .description(
      'Reproduces, explains and judges the LVS + netfilter connection-tracking bug on a real kernel.',
    )
    .version(context.services.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        context.print(fitText(text, stdout.columns));
      },
      writeErr: (text) => {
        context.tell(fitText(text, stderr.columns));
      },
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .configureHelp(helpLayout)
    .showHelpAfterError('(see `lvs-lab --help`)')
    .addHelpText('after', exitCodesHelp);
  for (const add of commands) add(program, context, ending);
  refuseMisread(program);
  program.hook('preAction', (_program, command) => {
    refuseEmptyArguments(command);
  });
  for (const command of program.commands) {
    const text = exitCodesOf(command.name());
    for (const each of [command, ...command.commands]) {
      const words = ['lvs-lab', command.name(), ...(each === command ? [] : [each.name()])];
      each.showHelpAfterError(`(see \`${words.join(' ')} --help\`)`);
      if (text !== undefined) each.addHelpText('after', text);
    }
  }
  return program;
}
