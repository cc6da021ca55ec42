import type { Command } from 'commander';
import { scenarioDocument, scenarioTable } from '../../report/listings/scenarioList.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import { jsonOption, selectionOptions, type SelectionOptions } from '../options/options.js';
import { chooseScenarios, scenarioArguments } from '../options/selection.js';
import type { End } from '../frame/end.js';

interface ListOptions extends SelectionOptions {
  readonly json?: boolean;
}

/** `list [SCENARIO...]`: what there is to run. */
export function addList(program: Command, context: Context, end: End): void {
  const command = program
    .command('list')
    .description('list the scenarios with what they are expected to come to')
    .argument('[scenario...]', scenarioArguments);
  for (const option of selectionOptions()) command.addOption(option);
  command.addOption(jsonOption()).action(async (names: string[], options: ListOptions) => {
    const scenarios = await chooseScenarios(names, options);
    if (options.json) context.printJson(scenarios.map(scenarioDocument));
    else context.print(`${scenarioTable(scenarios, context.paint)}\n`);
    end(ExitCode.ok);
  });
}
