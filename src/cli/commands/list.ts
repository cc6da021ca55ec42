import type { Command } from '@commander-js/extra-typings';
import { scenarioDocument, scenarioTable } from '../../report/listings/scenarioList.js';
import { estimateOf, timesFor } from '../../matrix/estimate/estimate.js';
import { timedName } from '../../matrix/estimate/runTimes.js';
import { estimateText } from '../../report/phrases/estimateText.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { withOptions } from '../options/declared.js';
import { jsonOption, selectionOptions } from '../options/options.js';
import { chooseScenarios, scenarioArguments } from '../options/selection.js';

/** `list [SCENARIO...]`: what there is to run. */
export function addList(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('list')
    .description('list the scenarios with what they are expected to come to')
    .argument('[scenario...]', scenarioArguments);
  withOptions(command, [...selectionOptions(), jsonOption()]).action(
    ending(async (names, options) => {
      const scenarios = await chooseScenarios(names, options);
      const times = await context.services.times.read();
      const known = timesFor(times, { engine: 'auto', accel: 'auto' });
      const listed = scenarios.map((scenario) => ({
        ...scenario,
        seconds: known?.jobs[timedName(scenario)]?.seconds,
      }));
      if (options.json) context.printJson(listed.map(scenarioDocument));
      else {
        const shares = [{ target: {}, jobs: scenarios.map((scenario) => ({ scenario })) }];
        const estimate = estimateOf(shares, times, { engine: 'auto', accel: 'auto', atOnce: 1 });
        context.print(`${scenarioTable(listed, context.paint)}\n\n${estimateText(estimate)}\n`);
      }
      return ExitCode.ok;
    }),
  );
}
