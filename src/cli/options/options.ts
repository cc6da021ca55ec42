import { acceleratorChoices, engineChoices } from '../../contracts/words/engines.js';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { outcomes } from '../../contracts/words/outcomes.js';
import { parseDuration } from '../../support/duration.js';
import { adding, type ParsedOptions } from './declared.js';
import { progressKinds } from './reporterFor.js';

/** The part of an OpenRequest that the user chooses. */
export function engineRequest({ engine, kernel, accel, image }: EngineOptions) {
  return { engine, kernel, accel, image };
}

/** Options that choose and open an engine. */
export function engineOptions() {
  return [
    engineOption(),
    new Option(
      '--kernel <kernel>',
      'kernel under test: debian:SUITE, the name of one that was added, or PATH[:MODULES_DIR]; another than the default boots a VM',
    ),
    accelOption(),
    new Option(
      '--image <image>',
      'what the nodes are made of: auto, a name that `images list` shows, or ref:REFERENCE',
    ).default('auto'),
  ] as const;
}

export type EngineOptions = ParsedOptions<ReturnType<typeof engineOptions>>;

/** The option `--accel`: whether the VM's processors are emulated or run by KVM. */
export function accelOption() {
  return new Option('--accel <kind>', "the VM's accelerator").choices(acceleratorChoices).default('auto');
}

/** The option `--engine`: which Docker engine to use. */
export function engineOption() {
  return new Option('--engine <kind>', 'Docker engine: the local one, a VM, or what works')
    .choices(engineChoices)
    .default('auto');
}

/** The option `--progress`: how status is shown. */
export function progressOption() {
  return new Option('--progress <kind>', 'how status is shown on stderr')
    .choices(progressKinds)
    .default('auto');
}

export type ProgressOption = ParsedOptions<readonly [ReturnType<typeof progressOption>]>;

/** The option `--expect`: an outcome to expect in place of the file's. */
export function expectOption() {
  return new Option('--expect <outcome>', "expect this outcome instead of the scenario's own").choices(
    outcomes,
  );
}

/** The option `--json`: one JSON document in place of text. */
export function jsonOption() {
  return new Option('--json', 'print the results as one JSON document');
}

/** The option `--verbose`: shows everything, however much it is. */
export function verboseOption() {
  return new Option('--verbose', 'print every result in full, however many there are');
}

/** Options that select scenarios. */
export function selectionOptions() {
  return [
    new Option('--tag <tag>', 'only scenarios with this tag; several: with any of them')
      .argParser(adding<string>((tag, before = []) => [...before, tag]))
      .default([], 'none'),
    new Option(
      '--grep <regex>',
      'only scenarios whose id, title or a tag matches this regular expression, whatever the case',
    ).argParser(parseRegExp),
  ] as const;
}

export type SelectionOptions = ParsedOptions<ReturnType<typeof selectionOptions>>;

function parseRegExp(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(
      `expected a regular expression${error instanceof Error ? `: ${error.message}` : ''}.`,
    );
  }
}

/** Options that decide which jobs are made of the scenarios. */
export function jobOptions() {
  return [
    new Option('--last-failed', 'only scenarios that did not pass in the last run from this folder'),
    new Option(
      '--mutate',
      "run each scenario's mutation instead, with the scenario's expectation: `fail` is hoped for",
    ),
    new Option(
      '--flows <n>',
      'beside its own connections give each scenario this many raw-socket ones that do the same (not those with `flows` of their own)',
    ).argParser(wholeNumber(1, 5000)),
    new Option('--repeat-each <n>', 'run each scenario this often and count what it came to')
      .argParser(wholeNumber(1, 1000))
      .default(1),
    new Option('--shuffle [seed]', 'shuffle the order; the same seed gives the same order').argParser(
      parseSeed,
    ),
  ] as const;
}

export type JobOptions = ParsedOptions<ReturnType<typeof jobOptions>>;

function parseSeed(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidArgumentError(
    'expected a seed of letters and digits; name scenarios before --shuffle, or give the seed as --shuffle=SEED.',
  );
}

/** Options that decide how jobs share the engine. */
export function laneOptions() {
  return [
    new Option('--lanes <n>', 'labs at the same time (default: what the engine has room for)').argParser(
      wholeNumber(1, 64),
    ),
    new Option('--fresh-control', 'make control runs anew, also where one was kept with the saved lab'),
    new Option(
      '--explain',
      'where connections are not healthy make one more, follow its packets through the rules, and say what is to blame',
    ),
    new Option('-x, --stop-on-failure', 'start nothing more after a scenario that did not pass'),
  ] as const;
}

/** Makes a parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (/^\d+$/.test(text) && n >= least && n <= most) return n;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

/** Declares an option that only this program passes to itself; no `--help` shows it. */
export function hiddenOption<const Usage extends string>(flags: Usage, description: string): Option<Usage> {
  return new Option(flags, description).hideHelp();
}

/** The option `--run`: which of the labs that are up. */
export function runOption() {
  return new Option('--run <runid>', 'which lab, when several are up');
}

/** The longest deadline. Timers of Node end at once when they are set to 2^31 ms or more, which this is far below. */
const mostDeadlineMinutes = 7 * 24 * 60;

/** The option `--deadline`: after how much time a run has to end; its value is in seconds. */
export function deadlineOption() {
  return new Option(
    '--deadline <duration>',
    'end the run after this long, in ms, s or m: 90s or 10m, for example',
  ).argParser(parseDeadline);
}

function parseDeadline(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) {
    throw new InvalidArgumentError('expected a number with its unit (ms, s or m), such as 90s or 10m.');
  }
  if (seconds > mostDeadlineMinutes * 60) {
    throw new InvalidArgumentError(`expected at most ${mostDeadlineMinutes}m, a week.`);
  }
  return seconds;
}
