import type { Command } from 'commander';
import type { Context } from '../../frame/context.js';
import { holdHere } from './holdHere.js';
import { holdInBackground } from './holdInBackground.js';
import type { UpOptions } from './upOptions.js';
import { engineOptions, hiddenOption, progressOption } from '../../options/options.js';
import { oneScenario } from '../../options/selection.js';
import { warnUnmatched } from '../../frame/warnUnmatched.js';
import type { End } from '../../frame/end.js';

const defaultScenario = 'close/server-first';

/** `up [SCENARIO]`: a scenario's lab with its rules, held in the background for `shell`. */
export function addUp(program: Command, context: Context, end: End): void {
  const command = program
    .command('up')
    .description(
      'bring a lab up, rules loaded, and keep it for looking around with `shell`; `down` removes it',
    )
    .argument('[scenario]', `an id or the path of a .yaml file (default: ${defaultScenario})`)
    .option('--out <dir>', 'where console and log go (default: runs/DATE-TIME-ID)')
    .addOption(hiddenOption('--foreground', 'hold the lab in this process'))
    .addOption(progressOption());
  for (const option of engineOptions()) command.addOption(option);
  command.action(async (name: string | undefined, options: UpOptions) => {
    const scenario = await oneScenario(name ?? defaultScenario);
    // Another process's terminal has been told.
    if (context.io.toParent === undefined) warnUnmatched([scenario], context);
    const hold = options.foreground ? holdHere : holdInBackground;
    end(await hold(scenario, options, context));
  });
}
