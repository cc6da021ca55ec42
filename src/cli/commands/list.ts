import type { Command } from '@commander-js/extra-typings';
import { scenarioDocument, scenarioTable } from '../../report/listings/scenarioList.js';
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
      if (options.json) context.printJson(scenarios.map(scenarioDocument));
      else context.print(`${scenarioTable(scenarios, context.paint)}\n`);
      return ExitCode.ok;
    }),
  );
}
