import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { isAdding } from '../options/declared.js';

/** What the last word of an unfinished command line stands for. */
export type LastWord =
  /** The value of an option; `before` is what stands in front of it in the same word. */
  | {
      readonly kind: 'value';
      readonly command: CommandUnknownOpts;
      readonly option: Option;
      readonly before: string;
    }
  /** The name of an option; `left` are those that may still be given. */
  | { readonly kind: 'option'; readonly left: readonly Option[] }
  /** A command below this one, or its argument; undefined: it takes no more. */
  | {
      readonly kind: 'argument';
      readonly command: CommandUnknownOpts;
      readonly argument: Argument | undefined;
    };

/** Finds out what the last of the words behind the program's name stands for, by the declarations of commands and options. */
export function lastWordOf(program: CommandUnknownOpts, words: readonly string[]): LastWord {
  const walk = new Walk(program);
  for (const word of words.slice(0, -1)) walk.pass(word);
  return walk.lastWordOf(words.at(-1) ?? '');
}

/** Goes through a command line word by word. */
class Walk {
  #arguments = 0;
  #waiting: Option | undefined;
  #onlyArguments = false;
  readonly #given = new Set<Option>();

  constructor(private command: CommandUnknownOpts) {}

  pass(word: string): void {
    if (this.#waiting !== undefined) this.#waiting = undefined;
    else if (this.#onlyArguments || word === '-' || !word.startsWith('-')) this.#passArgument(word);
    else if (word === '--') this.#onlyArguments = true;
    else this.#passOption(word);
  }

  lastWordOf(word: string): LastWord {
    const { command } = this;
    if (this.#waiting !== undefined) return { kind: 'value', command, option: this.#waiting, before: '' };
    if (!this.#onlyArguments && word.startsWith('-')) {
      const [, long] = /^(--[^=]+)=/.exec(word) ?? [];
      const option = long === undefined ? undefined : this.#find(long);
      return option === undefined
        ? { kind: 'option', left: this.#left() }
        : { kind: 'value', command, option, before: `${option.long ?? ''}=` };
    }
    const declared = command.registeredArguments;
    const last = declared.at(-1);
    const argument = declared[this.#arguments] ?? (last?.variadic === true ? last : undefined);
    return { kind: 'argument', command, argument };
  }

  #passArgument(word: string): void {
    const below = this.command.commands.find((each) => each.name() === word);
    if (below === undefined || this.#arguments > 0) this.#arguments++;
    else this.command = below;
  }

  #passOption(word: string): void {
    const [name = '', value] = word.split('=');
    const option = this.#find(name);
    if (option === undefined) return;
    this.#given.add(option);
    // One whose value may be left out has it in the same word.
    if (option.required && value === undefined) this.#waiting = option;
  }

  #find(name: string): Option | undefined {
    return this.command.options.find(({ long, short }) => long === name || short === name);
  }

  #left(): readonly Option[] {
    return this.command
      .createHelp()
      .visibleOptions(this.command)
      .filter((option) => !this.#given.has(option) || isAdding(option));
  }
}
