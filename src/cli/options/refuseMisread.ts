import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { isAdding } from './declared.js';

/**
 * Makes a command, and those below it, refuse words that would be misread in silence: an option given twice, of which the last value would
 * win; an option or argument without any text, as a variable leaves it that is not set; and the next option in the place of a value.
 */
export function refuseMisread(command: CommandUnknownOpts): void {
  for (const option of command.options) {
    if (option.required || option.optional) refuseMisreadValues(command, option);
  }
  for (const below of command.commands) refuseMisread(below);
}

function refuseMisreadValues(command: CommandUnknownOpts, option: Option): void {
  const name = option.long ?? option.flags;
  let before: string | undefined;
  command.on(`option:${option.name()}`, (given: string | null) => {
    const value = given ?? '';
    const problem =
      given === ''
        ? `expected a value for ${name}, found an empty text`
        : before !== undefined && !isAdding(option)
          ? `expected ${name} once, found it twice: ${before} and ${value}`
          : isOption(value, command)
            ? `expected a value for ${name}, found the option ${value}`
            : undefined;
    if (problem !== undefined) command.error(`error: ${problem}`);
    before = value;
  });
}

function isOption(value: string, { options }: CommandUnknownOpts): boolean {
  const [word] = value.split('=');
  return options.some(({ short, long }) => word === short || word === long);
}

/** Refuses arguments without any text; those that are the words of another program, in an argument `command`, are not ours to judge. */
export function refuseEmptyArguments(command: CommandUnknownOpts): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    const words = argument.variadic ? command.args.slice(index) : command.args.slice(index, index + 1);
    if (argument.name() === 'command' || !words.includes('')) continue;
    command.error(`error: expected a value for ${argument.name()}, found an empty text`);
  }
}
