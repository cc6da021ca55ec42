import { Option } from '@commander-js/extra-typings';
import type { ParsedOptions } from '../../options/declared.js';
import { matrixOptions } from '../../options/matrixOptions.js';
import {
  accelOption,
  deadlineOption,
  engineOption,
  expectOption,
  jobOptions,
  jsonOption,
  laneOptions,
  progressOption,
  selectionOptions,
  verboseOption,
} from '../../options/options.js';
import { bisectOption, reportOptions } from '../../options/reportOptions.js';

/** Options of `run`, in the order of its `--help`. */
export function runOptions() {
  const resume = new Option(
    '--resume <rundir>',
    'go on with an interrupted run: run what has no verdict yet, as it was asked for, in the same directory',
  );
  const options = [
    ...selectionOptions(),
    ...jobOptions(),
    new Option('--list', 'print what would run, in order, and end'),
    ...laneOptions(),
    new Option('--keep', 'keep the lab of one scenario until Ctrl-C, for looking around'),
    new Option('--out <dir>', 'where the evidence goes (default: runs/DATE-TIME-ID)'),
    resume,
    expectOption(),
    deadlineOption(),
    jsonOption(),
    verboseOption(),
    progressOption(),
    bisectOption(),
    ...reportOptions(),
    engineOption(),
    accelOption(),
    ...matrixOptions(),
  ] as const;
  const names = options.map((option) => option.attributeName());
  resume.conflicts(names.filter((name) => !withResume.has(name)));
  return options;
}

/** Options that may be given with `--resume`: how the run is shown, and how much runs at once. All others were recorded and stay as they are. */
const withResume: ReadonlySet<string> = new Set([
  ...['resume', 'deadline', 'lanes', 'vms'],
  ...['json', 'verbose', 'progress', 'junit', 'ktap'],
]);

export type RunOptions = ParsedOptions<ReturnType<typeof runOptions>>;

/** Options that the parent of a matrix run keeps for itself, with the reason for each; it passes all others on to the child of each target. */
export const keptByRun = {
  tag: 'the jobs are chosen already, and named in the file that --jobs gets',
  grep: 'the same',
  lastFailed: 'the same',
  shuffle: 'the order is that of the file that --jobs gets',
  list: 'nothing is started with it',
  keep: 'it is for one job, which needs no process of its own',
  out: "each process gets a folder of its own below the run's",
  resume: 'what is left is named in the file that --jobs gets',
  deadline: 'who has started the processes ends them then',
  json: "each process's results are read from its folder",
  verbose: 'the same',
  progress: 'each process gets json: its events are shown as those of its target',
  bisect: 'the exit code is that of the whole run',
  junit: 'the results of all targets go into one file',
  ktap: 'the same',
  kernel: "each process gets its target's",
  image: 'the same',
  tools: "the name of each process's image has its tools",
  deb: 'the same',
  bin: 'the same',
  snapshot: 'the names of its kernel and image have the date',
  vms: 'each process has one target',
  shard: 'the jobs of the shard are chosen already',
  jobs: 'each process gets a file of its own',
} as const satisfies Partial<Record<keyof RunOptions, string>>;

/** Options that decide what the jobs are: every child process gets them, and they are recorded for `--resume`. */
export type ChildOptions = Exclude<keyof RunOptions, keyof typeof keptByRun>;
