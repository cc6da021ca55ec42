import { Option } from '@commander-js/extra-typings';
import { bisectExitCodeFor, exitCodeFor } from '../frame/exitCodes.js';
import type { ParsedOptions } from './declared.js';

/** Options that name files to write results to, beside what is printed. */
export function reportOptions() {
  return [
    new Option('--junit <file>', 'also write the results as JUnit XML; missing folders are made'),
    new Option('--ktap <file>', 'also write the results as KTAP version 1; missing folders are made'),
  ] as const;
}

export type ReportOptions = ParsedOptions<ReturnType<typeof reportOptions>>;

/** The option `--bisect`: exit codes for `git bisect run`. */
export function bisectOption() {
  return (
    new Option(
      '--bisect',
      'exit codes for `git bisect run`: 0 good, 1 bad, 125 cannot be tested, 128 and up stop it',
    )
      // Each of these would call a commit good or bad for a reason that has nothing to do with it.
      .conflicts(['list', 'lastFailed', 'mutate'])
  );
}

/**
 * Chooses how errors become exit codes. Looks for the option among the words, because a command line that cannot be parsed must not make a
 * commit bad either.
 */
export function codesForErrors(argv: readonly string[]): (error: unknown) => number {
  return argv.some((word) => word === bisectOption().long) ? bisectExitCodeFor : exitCodeFor;
}
