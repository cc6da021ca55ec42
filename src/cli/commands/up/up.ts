import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { warnUnmatched } from '../../frame/warnUnmatched.js';
import { withOptions } from '../../options/declared.js';
import { refuseUselessEngine } from '../../options/refuseUselessEngine.js';
import { oneScenario } from '../../options/selection.js';
import { holdHere } from './holdHere.js';
import { holdInBackground } from './holdInBackground.js';
import { upOptions } from './upOptions.js';

const defaultScenario = 'close/server-first';

/** `up [SCENARIO]`: a scenario's lab with its rules, held in the background for `shell`. */
export function addUp(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('up')
    .description(
      'bring a lab up, rules loaded, and keep it for looking around with `shell`; `down` removes it',
    )
    .argument('[scenario]', `an id or the path of a .yaml file (default: ${defaultScenario})`);
  withOptions(command, upOptions()).action(
    ending(async (name, options) => {
      refuseUselessEngine(options);
      const scenario = await oneScenario(name ?? defaultScenario);
      // Another process's terminal has been told.
      if (context.io.toParent === undefined) warnUnmatched([scenario], context);
      const hold = options.foreground ? holdHere : holdInBackground;
      return hold(scenario, options, context);
    }),
  );
}
