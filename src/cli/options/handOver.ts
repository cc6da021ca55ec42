import type { Option } from '@commander-js/extra-typings';

/** Options that a parent does not pass to its child processes, with the reason for each. */
export type Kept = Readonly<Record<string, string>>;

/**
 * The words that give another process the same options, but for those that this one keeps. It goes by the declarations, so that an option is
 * handed over unless somebody says why not. Throws for a value that words cannot say.
 */
export function handOver(
  declared: readonly Pick<Option, 'long' | 'attributeName'>[],
  values: Readonly<Record<string, unknown>>,
  kept: Kept,
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
