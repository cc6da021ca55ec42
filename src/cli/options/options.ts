import { type Outcome, outcomes } from '../../contracts/words/outcomes.js';
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../support/duration.js';
import { progressKinds, type Progress } from './reporterFor.js';

/** Options that choose and open an engine, as commander parses them. */
export interface EngineOptions {
  readonly engine: 'auto' | 'local' | 'vm';
  /** Undefined: the default one. */
  readonly kernel?: string;
  readonly accel: 'auto' | 'kvm' | 'tcg';
  readonly image: string;
}

/** Option that says how status is shown. */
export interface ProgressOption {
  readonly progress: Progress;
}

/** The part of an OpenRequest that the user chooses. */
export function engineRequest({ engine, kernel, accel, image }: EngineOptions) {
  return { engine, kernel, accel, image };
}

export function engineOptions(): Option[] {
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
  ];
}

export function accelOption(): Option {
  return new Option('--accel <kind>', "the VM's accelerator").choices(['auto', 'kvm', 'tcg']).default('auto');
}

export function engineOption(): Option {
  return new Option('--engine <kind>', 'Docker engine: the local one, a VM, or what works')
    .choices(['auto', 'local', 'vm'])
    .default('auto');
}

export function progressOption(): Option {
  return new Option('--progress <kind>', 'how status is shown on stderr')
    .choices(progressKinds)
    .default('auto');
}

export function expectOption(): Option {
  return new Option('--expect <outcome>', "expect this outcome instead of the scenario's own").choices(
    outcomes,
  );
}

/** `--expect` as parsed; commander has checked it. */
export interface ExpectOption {
  readonly expect?: Outcome;
}

/** Goes on with a run as it was asked for: what would change that cannot be said with it. */
export function resumeOption(): Option {
  return new Option(
    '--resume <rundir>',
    'go on with an interrupted run: run what has no verdict yet, as it was asked for, in the same directory',
  ).conflicts([
    ...[
      'tag',
      'grep',
      'lastFailed',
      'mutate',
      'flows',
      'repeatEach',
      'shuffle',
      'list',
      'keep',
      'out',
      'expect',
    ],
    ...[
      'isolate',
      'stopOnFailure',
      'engine',
      'accel',
      'kernel',
      'image',
      'iptables',
      'shard',
      'jobs',
      'bisect',
    ],
  ]);
}

export function jsonOption(): Option {
  return new Option('--json', 'print the results as one JSON document');
}

export function verboseOption(): Option {
  return new Option('--verbose', 'print every result in full, however many there are');
}

/** `--verbose` as parsed. */
export interface VerboseOption {
  readonly verbose?: boolean;
}

/** Which of the scenarios, as commander parses it. */
export interface SelectionOptions {
  readonly tag: readonly string[];
  readonly grep?: RegExp;
}

export function selectionOptions(): Option[] {
  return [
    new Option('--tag <tag>', 'only scenarios with this tag; several: with any of them')
      .argParser((tag: string, before: readonly string[]) => [...before, tag])
      .default([], 'none'),
    new Option(
      '--grep <regex>',
      'only scenarios whose id, title or a tag matches this regular expression, whatever the case',
    ).argParser(parseRegExp),
  ];
}

function parseRegExp(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(
      `expected a regular expression${error instanceof Error ? `: ${error.message}` : ''}.`,
    );
  }
}

/** How jobs are made of the scenarios, as commander parses it. */
export interface JobOptions {
  readonly lastFailed?: boolean;
  readonly mutate?: boolean;
  readonly repeatEach: number;
  /** Raw-socket flows for each scenario; undefined: what its file says. */
  readonly flows?: number;
  /** True: with a seed of our own. */
  readonly shuffle?: true | string;
}

export function jobOptions(): Option[] {
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
  ];
}

function parseSeed(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidArgumentError(
    'expected a seed of letters and digits; name scenarios before --shuffle, or give the seed as --shuffle=SEED.',
  );
}

/** How jobs share the engine, as commander parses it. */
export interface LaneOptions {
  readonly lanes?: number;
  readonly isolate?: boolean;
  readonly stopOnFailure?: boolean;
}

export function laneOptions(): Option[] {
  return [
    new Option('--lanes <n>', 'labs at the same time (default: what the engine has room for)').argParser(
      wholeNumber(1, 64),
    ),
    new Option('--isolate', 'a fresh lab for every scenario, instead of sharing those of one shape'),
    new Option('-x, --stop-on-failure', 'start nothing more after a scenario that did not pass'),
  ];
}

/** A parser of whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (/^\d+$/.test(text) && n >= least && n <= most) return n;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

export function hiddenOption(flags: string, description: string): Option {
  return new Option(flags, description).hideHelp();
}

/** `--run` as parsed. */
export interface RunOption {
  readonly run?: string;
}

export function runOption(): Option {
  return new Option('--run <runid>', 'which lab, when several are up');
}

/** Far below 2^31 ms, above which timers end at once. */
const mostDeadlineMinutes = 7 * 24 * 60;

export function deadlineOption(): Option {
  return new Option('--deadline <duration>', 'end the run after this long, e.g. 90s or 10m').argParser(
    parseDeadline,
  );
}

function parseDeadline(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) {
    throw new InvalidArgumentError('expected a number with its unit, such as 90s or 10m.');
  }
  if (seconds > mostDeadlineMinutes * 60) {
    throw new InvalidArgumentError(`expected at most ${mostDeadlineMinutes}m, a week.`);
  }
  return seconds;
}
