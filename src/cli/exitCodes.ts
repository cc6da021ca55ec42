import { ExitCode, LabError } from '../support/errors.js';

/** What each exit code means, for `--help`. */
const meanings: Readonly<Record<ExitCode, string>> = {
  [ExitCode.ok]: 'everything was as expected',
  [ExitCode.verdictFailed]: 'a verdict failed: the connections did something else',
  [ExitCode.labBroke]: 'the lab broke: engine, image, boot, deadline',
  [ExitCode.inconclusive]: 'a verdict was inconclusive, and none failed',
  [ExitCode.nothingRan]: 'nothing ran',
  [ExitCode.usage]: 'wrong usage, or a scenario that is not valid',
  [ExitCode.interrupted]: 'interrupted (Ctrl-C)',
  [ExitCode.terminated]: 'terminated (SIGTERM, SIGHUP)',
};

/** The exit codes as they stand below every `--help`. */
export const exitCodesHelp = [
  '',
  'Exit codes:',
  ...Object.entries(meanings).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`),
  'With several scenarios the first of 2, 5, 1, 3, 0 that any of them came to.',
].join('\n');

/** The exit code for an error that nothing handled. */
export function exitCodeFor(error: unknown): ExitCode {
  return error instanceof LabError ? error.exitCode : ExitCode.labBroke;
}
