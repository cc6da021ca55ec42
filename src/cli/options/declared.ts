import type { Command, InferOptions, Option, OptionValues } from '@commander-js/extra-typings';

/** An option, whatever commander makes of its words. */
export type AnyOption = Option<string, unknown, unknown, unknown, boolean, unknown>;

/** What commander makes of a command line, by the declarations of its options: the one place that says what type each has. */
export type ParsedOptions<Declared extends readonly unknown[], Before = unknown> = Declared extends readonly [
  Option<
    infer Usage,
    infer Preset,
    infer Default,
    infer Coerced,
    infer Mandatory extends boolean,
    infer Choices
  >,
  ...infer Rest,
]
  ? ParsedOptions<Rest, InferOptions<Before, Usage, Default, Coerced, Mandatory, Preset, Choices>>
  : Readonly<Before>;

/** Reads one value of an option that may be given several times, and adds it to those of before. */
type Adding<T> = (text: string, before: readonly T[] | undefined) => readonly T[];

/** Marks a parser as one that adds values up, so that its option may be given several times. */
export function adding<T>(parse: Adding<T>): Adding<T> & { readonly adds: true } {
  return Object.assign((...given: Parameters<Adding<T>>) => parse(...given), { adds: true as const });
}

/** Whether an option may be given several times, because its values are added up. */
export function isAdding({ parseArg }: Pick<Option, 'parseArg'>): boolean {
  return parseArg !== undefined && 'adds' in parseArg;
}

/** The command with the options, in this order. */
export function withOptions<
  Args extends unknown[],
  Before extends OptionValues,
  const Declared extends readonly AnyOption[],
>(command: Command<Args, Before>, declared: Declared): Command<Args, ParsedOptions<Declared, Before>> {
  for (const option of declared) command.addOption(option);
  // The very command: what commander has been told, the type has been told too.
  return command as unknown as Command<Args, ParsedOptions<Declared, Before>>;
}
