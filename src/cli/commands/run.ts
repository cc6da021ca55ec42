import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { runOptions } from './run/runOptions.js';
import { withOptions } from '../options/declared.js';
import { scenarioArguments } from '../options/selection.js';

import { newRun } from './run/newRun.js';
import { resumeRun } from './run/resumeRun.js';

/** `run [SCENARIO...]`: the lab's main job. */
export function addRun(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('run')
    .description('run scenarios on a real kernel and judge what happened to the connections')
    .argument('[scenario...]', scenarioArguments);
  withOptions(command, runOptions())
    .addHelpText('after', examples)
    .action(
      ending((names, options) =>
        options.resume === undefined
          ? newRun(names, options, context)
          : resumeRun(options.resume, names, options, context),
      ),
    );
}

const examples = `
Scenarios with raw-socket load (\`flows\` in the file) take minutes each and run last, one at a time; without names, --tag, --grep or
--last-failed they are left out. --flows leaves out what it cannot be given to, unless it is named by its id or file.
What did not pass is recorded in runs/.last-run.json below the working directory, for --last-failed.

Examples:
  lvs-lab run 'close/*' --tag repro          scenarios of one topic that have a tag
  lvs-lab run 'load/*'                       tens of thousands of raw-socket connections
  lvs-lab run 'close/*' --flows 200          the same behaviours with 200 raw-socket connections beside
  lvs-lab run --last-failed -x               what did not pass, up to the first that still does not
  lvs-lab run --resume runs/DATE-TIME-ID     what an interrupted run left
  lvs-lab run --repeat-each 3 --shuffle      everything three times, in any order
  lvs-lab run --mutate --list                the mutations there are
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --iptables nft,legacy
                                             every scenario on two kernels, with both flavours
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --shard 1/2 --out s1
                                             the first half of it; then \`lvs-lab merge s1 s2\``;
