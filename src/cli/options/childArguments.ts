import type { Option } from '@commander-js/extra-typings';

/** Options that a parent does not pass to its child processes, with the reason for each. */
export type ParentOnlyOptions = Readonly<Record<string, string>>;

/**
 * The words that give a child process the same options, except those that its parent keeps. It reads the declarations of all options, so
 * that a new option is passed on unless somebody says why not. Throws for a value that cannot be written as words.
 */
export function childArguments(
  declared: readonly Pick<Option, 'long' | 'attributeName'>[],
  values: Readonly<Record<string, unknown>>,
  kept: ParentOnlyOptions,
): readonly string[] {
  return declared
    .filter((option) => !(option.attributeName() in kept))
    .flatMap((option) => wordsOf(option.long ?? '', values[option.attributeName()]));
}

function wordsOf(long: string, value: unknown): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [long];
  if (typeof value === 'string' || typeof value === 'number') return [long, String(value)];
  // Of options that take names separated by commas.
  if (Array.isArray(value)) return [long, value.join(',')];
  throw new Error(`expected a value of ${long} that can be written on a command line, found an object`);
}
