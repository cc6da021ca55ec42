import { codeOf } from '../../report/results/resultKind.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { ExitCode, LabError } from '../../support/errors.js';

/** What each exit code means, for `--help`. */
const meanings: Readonly<Record<ExitCode, string>> = {
  [ExitCode.ok]: 'everything was as expected',
  [ExitCode.verdictFailed]: 'a verdict failed: the connections did something else',
  [ExitCode.labBroke]: 'the lab broke (engine, image, boot, deadline), or evidence is missing',
  [ExitCode.inconclusive]: 'a verdict was inconclusive, and none failed',
  [ExitCode.nothingRan]: 'nothing ran, or, all else being as expected, not all that was asked for',
  [ExitCode.usage]: 'wrong usage, or a scenario that is not valid, or whose rules are refused',
  [ExitCode.interrupted]: 'interrupted (Ctrl-C)',
  [ExitCode.terminated]: 'terminated (SIGTERM, SIGHUP)',
};

const several = 'With several scenarios the first of 2, 5, 1, 3, 4, 0 that any of them came to.';

function exitCodesText(
  codes: Readonly<Partial<Record<ExitCode, string>>>,
  last: readonly string[] = [],
): string {
  const lines = Object.entries(codes).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  return ['', 'Exit codes:', ...lines, ...last].join('\n');
}

/** Exit codes of commands that judge nothing. */
const ofOthers = {
  [ExitCode.ok]: 'done',
  [ExitCode.labBroke]: 'it could not be done',
  [ExitCode.usage]: 'wrong usage, or a file that is not valid',
  [ExitCode.interrupted]: meanings[ExitCode.interrupted],
  [ExitCode.terminated]: meanings[ExitCode.terminated],
};

/** Exit codes of commands with their own meanings; undefined: the command's own help explains them. */
const ofCommands: Readonly<Record<string, string | undefined>> = {
  run: exitCodesText(meanings, [several]),
  merge: exitCodesText(meanings, [several]),
  judge: exitCodesText(meanings, [several]),
  check: undefined,
  explain: exitCodesText(meanings, [several]),
  compare: undefined,
  doctor: exitCodesText({
    ...ofOthers,
    [ExitCode.ok]: 'nothing is missing',
    [ExitCode.labBroke]: 'something is missing',
  }),
  validate: exitCodesText({
    ...ofOthers,
    [ExitCode.ok]: 'all are valid',
    [ExitCode.usage]: 'one is not valid, or wrong usage',
  }),
  shell: exitCodesText(
    { [ExitCode.labBroke]: 'no lab is up, or the engine broke', [ExitCode.usage]: 'wrong usage' },
    ['Else that of the command that it ran.'],
  ),
};

/** The text about exit codes below the program's `--help`. */
export const exitCodesHelp = exitCodesText(meanings, [
  several,
  '`lvs-lab COMMAND --help` has those of each command.',
]);

/** The text about exit codes below the `--help` of a command; undefined: the command's own help explains them. */
export function exitCodesOf(command: string): string | undefined {
  return command in ofCommands ? ofCommands[command] : exitCodesText(ofOthers);
}

/** The exit code for an error that nothing handled. */
export function exitCodeFor(error: unknown): ExitCode {
  return error instanceof LabError ? error.exitCode : ExitCode.labBroke;
}

/**
 * What `git bisect run` makes of exit codes: 0 is good and 1 is bad, 125 skips the commit, and what is above 127 ends the bisect. All others
 * up to 127 would be taken for bad too, so they must not come out.
 */
const bisectCodes = { good: 0, bad: 1, cannotBeTested: 125, stop: 128 } as const;

/**
 * The exit code of a run under `--bisect`. One failed verdict makes the commit bad, whatever the other results are. Results that prove
 * nothing (inconclusive, a broken lab, rules that the kernel refuses, none at all) mean that the commit cannot be tested. An interruption
 * or wrong usage stops the bisect.
 */
export function bisectExitCode(ended: {
  readonly results: readonly ScenarioResult[];
  readonly error?: unknown;
}): number {
  const { results, error } = ended;
  const early = error === undefined ? bisectCodes.good : bisectExitCodeFor(error);
  if (early >= bisectCodes.stop) return early;
  const codes = results.map(codeOf);
  if (codes.includes(ExitCode.verdictFailed)) return bisectCodes.bad;
  const isGood = codes.length > 0 && codes.every((code) => code === ExitCode.ok);
  return isGood ? early : bisectCodes.cannotBeTested;
}

/**
 * The exit code under `--bisect` for an error that ended a run or kept it from starting. Wrong usage and invalid scenario files stop the
 * bisect, because they are wrong at every commit, or look as if they were.
 */
export function bisectExitCodeFor(error: unknown): number {
  const code = exitCodeFor(error);
  if (isInterruption(code)) return code;
  return code === ExitCode.usage ? bisectCodes.stop : bisectCodes.cannotBeTested;
}

/** Whether this exit code says that a user or the system stopped the run. */
export function isInterruption(code: number): boolean {
  return code === ExitCode.interrupted || code === ExitCode.terminated;
}
