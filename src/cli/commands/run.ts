import type { Command } from 'commander';
import { matrixRecord, writeMatrixRecord } from '../../matrix/record.js';
import { shardText, type Shard } from '../../matrix/shard.js';
import { cellOf } from '../../matrix/target.js';
import { jobListDocument, jobListText } from '../../report/jobList.js';
import { exitCodeOf } from '../../report/result.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { accountForAll } from '../accountForAll.js';
import { chooseJobs, type Choice } from '../chooseJobs.js';
import type { Context } from '../context.js';
import { refuseContradictions } from '../contradictions.js';
import { bisectExitCode, exitCodeFor } from '../exitCodes.js';
import { lastRunOf, writeLastRun } from '../lastRun.js';
import { dealJobs, type Dealt } from '../dealJobs.js';
import { matrixOptions, type MatrixOptions } from '../matrixOptions.js';
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
  type JobOptions,
  type SelectionOptions,
  type VerboseOption,
} from '../options.js';
import { bisectOption, reportOptions, type BisectOption, type ReportOptions } from '../reportOptions.js';
import { printResults, reportResults } from '../results.js';
import { makeRunDirectory, makeRunId } from '../runDirectory.js';
import { runOnEngine, type EngineRunOptions, type RunEnd, type Work } from '../runOnEngine.js';
import { runOnTargets } from '../runOnTargets.js';
import { scenarioArguments } from '../selection.js';
import type { End } from './end.js';

interface RunOptions
  extends
    SelectionOptions,
    JobOptions,
    MatrixOptions,
    EngineRunOptions,
    VerboseOption,
    ReportOptions,
    BisectOption {
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
    .addOption(progressOption())
    .addOption(bisectOption());
  for (const option of [...reportOptions(), engineOption(), accelOption(), ...matrixOptions()])
    command.addOption(option);
  command.addHelpText('after', examples);
  command.action(async (names: string[], chosen: RunOptions) => {
    end(await run(names, chosen, context));
  });
}

const examples = `
Scenarios with raw-socket load (\`flows\` in the file) take minutes each and run last, one at a time; without names, --tag, --grep or
--last-failed they are left out. --flows leaves out what it cannot be given to, unless it is named by its id or file.
What did not pass is recorded in runs/.last-run.json below the working directory, for --last-failed.

Examples:
  lvs-lab run 'close/*' --tag repro          scenarios of one topic that have a tag
  lvs-lab run 'load/*'                       tens of thousands of raw-socket connections
  lvs-lab run 'close/*' --flows 200          the same behaviours with 200 raw-socket connections beside
  lvs-lab run --last-failed -x               what did not pass, up to the first that still does not
  lvs-lab run --repeat-each 3 --shuffle      everything three times, in any order
  lvs-lab run --mutate --list                the mutations there are
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --iptables nft,legacy
                                             every scenario on two kernels, with both flavours
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --shard 1/2 --out s1
                                             the first half of it; then \`lvs-lab merge s1 s2\``;

async function run(names: readonly string[], options: RunOptions, context: Context): Promise<number> {
  refuseContradictions(options);
  const runId = makeRunId();
  const choice = await chooseJobs(names, options, { cwd: context.io.cwd, runId });
  const dealt = await dealJobs(choice.jobs, options, context.io);
  if (options.keep) refuseToKeepMany(dealt);
  if (options.list) return list(choice, dealt, options, context);
  if (choice.nothing !== undefined) return nothing(choice.nothing, options, context);
  const directory = await makeRunDirectory({ cwd: context.io.cwd, runId, out: options.out });
  if (isMatrix(dealt) || dealt.shard !== undefined) {
    const { expect, flows } = options;
    await writeMatrixRecord(directory, matrixRecord({ ...dealt, expect, flows, mutated: choice.mutated }));
  }
  const ended = await runShares(dealt, { ...choice, runId, directory }, options, context);
  // The matrix that has named the jobs records what became of them.
  if (options.jobs === undefined) await remember(choice, directory, ended, context);
  const { mutated, seed } = choice;
  const { json, verbose, stopOnFailure } = options;
  const results = accountForAll({ shares: dealt.shares, directory, stopOnFailure }, ended);
  const exitCode = exitCodeOfRun(dealt, ended);
  await reportResults(
    context,
    { ...ended, results, directory, json, verbose, mutated, seed, runId, exitCode },
    options,
  );
  return options.bisect ? bisectExitCode(ended) : exitCode;
}

function isMatrix({ targets }: Dealt): boolean {
  return targets.length > 1;
}

async function runShares(dealt: Dealt, work: Work, options: RunOptions, context: Context): Promise<RunEnd> {
  const { shares, shard } = dealt;
  const [only] = shares;
  if (only === undefined) {
    if (shard !== undefined) context.io.stderr.write(`${emptyText(shard)}\n`);
    return { results: [], engines: [] };
  }
  return isMatrix(dealt)
    ? runOnTargets(shares, work, options, context)
    : runOnEngine(only, work, options, context);
}

function emptyText(shard: Shard): string {
  return `nothing to run: shard ${shardText(shard)} is empty, for there are fewer jobs than shards`;
}

/** A shard that has nothing to run has done all that it was asked for. */
function exitCodeOfRun({ shares }: Dealt, ended: RunEnd): ExitCode {
  if ('error' in ended) return exitCodeFor(ended.error);
  return shares.length === 0 ? ExitCode.ok : exitCodeOf(ended.results);
}

function refuseToKeepMany(dealt: Dealt): void {
  const jobs = dealt.shares.reduce((sum, share) => sum + share.jobs.length, 0);
  if (!isMatrix(dealt) && jobs <= 1) return;
  const found = isMatrix(dealt) ? `${dealt.targets.length} kernels and images` : String(jobs);
  throw new UsageError(`expected one job with --keep, found ${found}: a lab is kept until Ctrl-C`, {
    hint: 'name the one to look at, to run once: `lvs-lab run --keep SCENARIO`',
  });
}

function list(
  choice: Choice,
  { shares }: Dealt,
  { json }: RunOptions,
  { print, printJson, paint }: Context,
): ExitCode {
  const jobs = shares.flatMap((share) =>
    share.jobs.map((job) => ({ ...job, cell: cellOf(share.target, job) })),
  );
  if (json) printJson(jobListDocument({ ...choice, jobs }));
  else print(choice.nothing === undefined ? jobListText({ ...choice, jobs }, paint) : `${choice.nothing}\n`);
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
