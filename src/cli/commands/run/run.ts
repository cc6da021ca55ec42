import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { ownerLabelValue } from '../../../engine/lifetime/owner.js';
import { writeAsked, type Asking } from '../../../matrix/targets/askedRecord.js';
import { matrixRecord, writeMatrixRecord } from '../../../matrix/targets/matrixRecord.js';
import { shardText, type Shard } from '../../../matrix/targets/shard.js';
import { cellOf } from '../../../matrix/targets/target.js';
import { resultDocument } from '../../../report/document/resultDocument.js';
import { jobListDocument, jobListText } from '../../../report/listings/jobList.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import { ExitCode, LabError, UsageError } from '../../../support/errors.js';
import { accountForAll } from './accountForAll.js';
import { chooseJobs, type JobSelection } from './chooseJobs.js';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { refuseContradictions } from './contradictions.js';
import { bisectExitCode, exitCodeFor } from '../../frame/exitCodes.js';
import { lastRunOf, writeLastRun } from './lastRun.js';
import { assignJobs, type AssignedJobs } from './assignJobs.js';
import { printResults, reportResults } from '../../results/results.js';
import { writeResults } from '../../results/resultsFile.js';
import { readInterrupted, claimRun } from './resume.js';
import {
  defaultPlace,
  makeRunDirectory,
  makeRunId,
  refuseUsedDirectory,
} from '../../results/runDirectory.js';
import { runOnEngine, type RunEnd, type RunRequest } from './runOnEngine.js';
import { runOnTargets } from './runOnTargets.js';
import { surroundingsOf } from './surroundings.js';
import { runOptions, type ChildOptions, type RunOptions } from './runOptions.js';
import { withOptions } from '../../options/declared.js';
import { scenarioArguments } from '../../options/selection.js';
import { unnamed } from '../../results/reportPlaces.js';
import { refuseReports, refuseTakenReports } from '../../results/writeReports.js';
import { warnUnmatched } from '../../frame/warnUnmatched.js';

/** `run [SCENARIO...]`: the lab's main job. */
export function addRun(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('run')
    .description('run scenarios on a real kernel and judge what happened to the connections')
    .argument('[scenario...]', scenarioArguments);
  withOptions(command, runOptions())
    .addHelpText('after', examples)
    .action(ending((names, options) => run(names, options, context)));
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
  lvs-lab run --resume runs/DATE-TIME-ID     what an interrupted run left
  lvs-lab run --repeat-each 3 --shuffle      everything three times, in any order
  lvs-lab run --mutate --list                the mutations there are
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --iptables nft,legacy
                                             every scenario on two kernels, with both flavours
  lvs-lab run 'close/*' --kernel debian:bookworm,debian:sid --shard 1/2 --out s1
                                             the first half of it; then \`lvs-lab merge s1 s2\``;

async function run(names: readonly string[], options: RunOptions, context: Context): Promise<number> {
  if (options.resume !== undefined) return resume(options.resume, names, options, context);
  refuseContradictions(options);
  await refuseReports(context, options);
  const { cwd } = context.io;
  const runId = makeRunId();
  const choice = await chooseJobs(names, options, { cwd, runId });
  const assigned = await assignJobs(choice.jobs, options, context.io);
  if (options.keep) refuseToKeepMany(assigned);
  const place = resolve(cwd, options.out ?? defaultPlace);
  if (options.out !== undefined) await refuseUsedDirectory(place);
  const named = surroundingsOf(assigned.shares, place, cwd);
  await refuseTakenReports(context, options, options.out === undefined ? unnamed(named) : named);
  // Whoever started a child has said so already.
  if (options.progress !== 'json')
    warnUnmatched(
      choice.jobs.map(({ scenario }) => scenario),
      context,
    );
  if (options.list) return list(choice, assigned, options, context);
  if (choice.nothing !== undefined) return nothing(choice.nothing, options, context);
  const directory = await makeRunDirectory({ cwd, runId, out: options.out });
  if (isMatrix(assigned) || assigned.shard !== undefined) {
    const { expect, flows } = options;
    await writeMatrixRecord(directory, matrixRecord({ ...assigned, expect, flows, mutated: choice.mutated }));
  }
  const { shares, shard } = assigned;
  const asking = { runId, process: await ownerLabelValue(), isMatrix: isMatrix(assigned), shard, shares };
  await writeAsked(directory, { ...asking, seed: choice.seed, options: askedOptions(options) });
  const ended = await runShares(assigned, { ...choice, runId, directory }, options, context);
  // The matrix that has named the jobs records what became of them.
  if (options.jobs === undefined) await saveLastRun(choice, directory, ended, context);
  const { mutated, seed } = choice;
  const { json, verbose, stopOnFailure } = options;
  const results = accountForAll({ shares: assigned.shares, directory, stopOnFailure }, ended);
  const exitCode = exitCodeOfRun(assigned, ended);
  await reportResults(
    context,
    { ...ended, results, directory, json, verbose, mutated, seed, runId, exitCode },
    options,
  );
  return options.bisect ? bisectExitCode(ended) : exitCode;
}

/** The options that another process needs to continue the run in the same way. */
function askedOptions(options: RunOptions): Pick<Asking['options'], ChildOptions | 'vms'> {
  const { engine, accel, iptables, repeatEach, flows, expect, lanes, vms } = options;
  const { mutate = false, isolate = false, stopOnFailure = false } = options;
  return {
    ...{ engine, accel, repeatEach, mutate, flows, expect, lanes, vms, isolate, stopOnFailure },
    iptables: iptables === undefined ? undefined : [...iptables],
  };
}

/** Runs the missing jobs of an interrupted run, in its directory, and reports the results of the whole run. */
async function resume(
  place: string,
  names: readonly string[],
  options: RunOptions,
  context: Context,
): Promise<number> {
  if (names.length > 0) {
    throw new UsageError(`expected no scenario with --resume, found ${names.join(', ')}`, {
      hint: 'a run goes on with what it was asked for; leave the names out, or start a new run',
    });
  }
  await refuseReports(context, options);
  const { io, services } = context;
  const directory = resolve(io.cwd, place);
  const resumed = await readInterrupted(directory, io.cwd, context.tell);
  const { asked, shares, left, kept, attempts } = resumed;
  await refuseTakenReports(context, options, surroundingsOf(shares, directory, io.cwd));
  const { runId, seed, isMatrix } = asked;
  const { mutate: mutated, stopOnFailure } = asked.options;
  await claimRun(directory, resumed);
  const told = { directory, mutated, seed, runId };
  const before: RunEnd = { results: kept, engines: resumed.engines };
  const known = accountForAll({ shares, directory, stopOnFailure: false }, before);
  // So that what there is of results is told also when this process is killed in its turn.
  const document = {
    ...told,
    ...before,
    results: known,
    exitCode: exitCodeOf(known),
    version: services.version,
  };
  await writeResults(directory, resultDocument(document));
  const identity = isMatrix ? undefined : resumed.engines.at(-1)?.identity;
  const { lanes, vms } = options;
  const how: RunOptions = {
    ...options,
    // What was not asked for is not in the record at all, which the types cannot say.
    ...(asked.options as Pick<RunOptions, keyof Asking['options']>),
    engine: identity?.kind ?? asked.options.engine,
    ...(lanes === undefined ? {} : { lanes }),
    ...(vms === undefined ? {} : { vms }),
  };
  const work = { leftOut: [], ownFlavour: [], runId: makeRunId(), directory, engine: identity, attempts };
  const [only] = left;
  const now: RunEnd =
    only === undefined
      ? { results: [], engines: [] }
      : isMatrix
        ? await runOnTargets(left, work, how, context)
        : await runOnEngine(only, work, how, context);
  const ended = withOtherKernels({
    ...now,
    results: [...kept, ...now.results],
    engines: [...resumed.engines, ...now.engines],
  });
  const jobs = shares.flatMap((share) => share.jobs);
  await saveLastRun({ jobs, mutated }, directory, ended, context);
  const results = accountForAll({ shares, directory, stopOnFailure }, ended);
  const exitCode = 'error' in ended ? exitCodeFor(ended.error) : exitCodeOf(results);
  const { json, verbose } = options;
  await reportResults(context, { ...ended, ...told, results, json, verbose, exitCode }, options);
  return exitCode;
}

/** Adds an error when one `--kernel` name stood for two kernels in a resumed run: a suite was updated meanwhile. */
function withOtherKernels(ended: RunEnd): RunEnd {
  if ('error' in ended) return ended;
  for (const { kernel, image, identity } of ended.engines) {
    const other = ended.engines.find(
      (each) => each.kernel === kernel && each.image === image && each.identity.kernel !== identity.kernel,
    );
    if (other === undefined) continue;
    const error = new LabError(
      `expected ${kernel ?? 'the default kernel'} to be the kernel that it was before, with --resume; found ${identity.kernel} and ${other.identity.kernel}`,
      { hint: 'start a new run, and see what differs: `lvs-lab compare A B`' },
    );
    return { ...ended, error };
  }
  return ended;
}

function isMatrix({ targets }: AssignedJobs): boolean {
  return targets.length > 1;
}

async function runShares(
  assigned: AssignedJobs,
  work: RunRequest,
  options: RunOptions,
  context: Context,
): Promise<RunEnd> {
  const { shares, shard } = assigned;
  const [only] = shares;
  if (only === undefined) {
    if (shard !== undefined) context.tell(`${emptyShardText(shard)}\n`);
    return { results: [], engines: [] };
  }
  return isMatrix(assigned)
    ? runOnTargets(shares, work, options, context)
    : runOnEngine(only, work, options, context);
}

function emptyShardText(shard: Shard): string {
  return `nothing to run: shard ${shardText(shard)} is empty, for there are fewer jobs than shards`;
}

/** The exit code of a run. A shard without jobs has done everything it was asked to do. */
function exitCodeOfRun({ shares }: AssignedJobs, ended: RunEnd): ExitCode {
  if ('error' in ended) return exitCodeFor(ended.error);
  return shares.length === 0 ? ExitCode.ok : exitCodeOf(ended.results);
}

function refuseToKeepMany(assigned: AssignedJobs): void {
  const jobs = assigned.shares.reduce((sum, share) => sum + share.jobs.length, 0);
  if (!isMatrix(assigned) && jobs <= 1) return;
  const found = isMatrix(assigned) ? `${assigned.targets.length} kernels and images` : String(jobs);
  throw new UsageError(`expected one job with --keep, found ${found}: a lab is kept until Ctrl-C`, {
    hint: 'name the one to look at, to run once: `lvs-lab run --keep SCENARIO`',
  });
}

function list(
  choice: JobSelection,
  { shares }: AssignedJobs,
  { json, expect }: RunOptions,
  { print, printJson, paint }: Context,
): ExitCode {
  const jobs = shares.flatMap((share) =>
    share.jobs.map((job) => ({
      ...job,
      scenario:
        expect === undefined
          ? job.scenario
          : { ...job.scenario, expect: { outcome: expect, signal: undefined } },
      cell: cellOf(share.target, job),
    })),
  );
  if (json) printJson(jobListDocument({ ...choice, jobs }));
  else print(choice.nothing === undefined ? jobListText({ ...choice, jobs }, paint) : `${choice.nothing}\n`);
  return ExitCode.ok;
}

/** Reports that no scenario is left to run. Exit code 0: that is the aim of `--last-failed`. */
function nothing(why: string, { json }: RunOptions, context: Context): ExitCode {
  const exitCode = ExitCode.ok;
  if (json) printResults(context, { results: [], exitCode, json, verbose: false });
  else context.print(`${why}\n`);
  return exitCode;
}

/**
 * Records what did not pass, for `--last-failed`; not for mutations, which are meant to fail. An error in writing it is shown, but does not
 * lose the results.
 */
async function saveLastRun(
  { jobs, mutated }: Pick<JobSelection, 'jobs' | 'mutated'>,
  directory: string,
  { results }: RunEnd,
  { io, complain }: Context,
): Promise<void> {
  const lastRun = mutated ? undefined : lastRunOf(directory, jobs, results);
  if (lastRun !== undefined) await writeLastRun(io.cwd, lastRun).catch(complain);
}
