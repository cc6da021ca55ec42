import type { Command } from 'commander';
import { jobListDocument, jobListText } from '../../report/jobList.js';
import { exitCodeOf } from '../../report/result.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { chooseJobs, type Choice } from '../chooseJobs.js';
import type { Context } from '../context.js';
import { exitCodeFor } from '../exitCodes.js';
import { lastRunOf, writeLastRun } from '../lastRun.js';
import {
  deadlineOption,
  engineOptions,
  expectOption,
  jobOptions,
  jsonOption,
  laneOptions,
  progressOption,
  selectionOptions,
  verboseOption,
  type JobOptions,
  type SelectionOptions,
  type VerboseOption,
} from '../options.js';
import { printResults } from '../results.js';
import { makeRunDirectory, makeRunId } from '../runDirectory.js';
import { runOnEngine, type EngineRunOptions, type RunEnd } from '../runOnEngine.js';
import { scenarioArguments } from '../selection.js';
import type { End } from './end.js';

interface RunOptions extends SelectionOptions, JobOptions, EngineRunOptions, VerboseOption {
  readonly list?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/** `run [SCENARIO...]`: the lab's main job. */
export function addRun(program: Command, context: Context, end: End): void {
  const command = program
    .command('run')
    .description('run scenarios on a real kernel and judge what happened to the connections')
    .argument('[scenario...]', scenarioArguments);
  const options = [...selectionOptions(), ...jobOptions()];
  for (const option of options) command.addOption(option);
  command.option('--list', 'print what would run, in order, and end');
  for (const option of laneOptions()) command.addOption(option);
  command
    .option('--keep', 'keep the lab of one scenario until Ctrl-C, for looking around')
    .option('--out <dir>', 'where the evidence goes (default: runs/DATE-TIME-ID)')
    .addOption(expectOption())
    .addOption(deadlineOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(progressOption());
  for (const option of engineOptions()) command.addOption(option);
  command.addHelpText('after', examples);
  command.action(async (names: string[], chosen: RunOptions) => {
    end(await run(names, chosen, context));
  });
}

const examples = `
What did not pass is recorded in runs/.last-run.json below the working directory, for --last-failed.

Examples:
  lvs-lab run 'close/*' --tag repro          scenarios of one topic that have a tag
  lvs-lab run --last-failed -x               what did not pass, up to the first that still does not
  lvs-lab run --repeat-each 3 --shuffle      everything three times, in any order
  lvs-lab run --mutate --list                the mutations there are`;

async function run(names: readonly string[], options: RunOptions, context: Context): Promise<ExitCode> {
  refuseContradictions(options);
  const runId = makeRunId();
  const choice = await chooseJobs(names, options, { cwd: context.io.cwd, runId });
  if (options.keep && choice.jobs.length > 1) refuseToKeep(choice.jobs.length);
  if (options.list) return list(choice, options, context);
  if (choice.nothing !== undefined) return nothing(choice.nothing, options, context);
  const directory = await makeRunDirectory({ cwd: context.io.cwd, runId, out: options.out });
  const ended = await runOnEngine({ jobs: choice.jobs, runId, directory }, options, context);
  await remember(choice, directory, ended, context);
  const exitCode = 'error' in ended ? exitCodeFor(ended.error) : exitCodeOf(ended.results);
  const { mutated, seed } = choice;
  const { json, verbose } = options;
  printResults(context, { ...ended, json, verbose, mutated, seed, runId, exitCode });
  return exitCode;
}

function refuseContradictions({ mutate, stopOnFailure }: RunOptions): void {
  if (mutate && stopOnFailure) {
    throw new UsageError('expected --mutate or --stop-on-failure, found both: a mutation is meant to fail', {
      hint: 'leave one of them out',
    });
  }
}

function refuseToKeep(jobs: number): never {
  throw new UsageError(`expected one job with --keep, found ${jobs}: a lab is kept until Ctrl-C`, {
    hint: 'name the one to look at, to run once: `lvs-lab run --keep SCENARIO`',
  });
}

function list(choice: Choice, { json }: RunOptions, { print, printJson, paint }: Context): ExitCode {
  if (json) printJson(jobListDocument(choice));
  else print(choice.nothing === undefined ? jobListText(choice, paint) : `${choice.nothing}\n`);
  return ExitCode.ok;
}

/** Ends well: that nothing is left to run is what --last-failed is there to reach. */
function nothing(why: string, { json }: RunOptions, context: Context): ExitCode {
  const exitCode = ExitCode.ok;
  if (json) printResults(context, { results: [], exitCode, json, verbose: false });
  else context.print(`${why}\n`);
  return exitCode;
}

/** Records what did not pass, but for mutations: those are meant not to. That it cannot be recorded is no reason to lose the results. */
async function remember(
  { jobs, mutated }: Choice,
  directory: string,
  { results }: RunEnd,
  { io, complain }: Context,
): Promise<void> {
  const lastRun = mutated ? undefined : lastRunOf(directory, jobs, results);
  if (lastRun !== undefined) await writeLastRun(io.cwd, lastRun).catch(complain);
}
