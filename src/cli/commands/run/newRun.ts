import { resolve } from 'node:path';
import { ownerTag } from '../../../engine/lifetime/owner.js';
import { writeAsked, type RunRequestValues } from '../../../matrix/targets/askedRecord.js';
import { matrixRecord, writeMatrixRecord } from '../../../matrix/targets/matrixRecord.js';
import { shardText, type Shard } from '../../../matrix/targets/shard.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import { ExitCode, UsageError } from '../../../support/errors.js';
import { accountForAll } from './accountForAll.js';
import { listJobs, tellNothing } from './jobs/listJobs.js';
import { chooseJobs } from './jobs/chooseJobs.js';
import type { Context } from '../../frame/context.js';
import { refuseContradictions } from './contradictions.js';
import { bisectExitCode, exitCodeFor } from '../../frame/exitCodes.js';
import { estimateRun } from './estimateRun.js';
import { saveLastRun } from './jobs/lastRun.js';
import { assignJobs, type AssignedJobs } from './jobs/assignJobs.js';
import { reportResults } from '../../results/results.js';
import {
  defaultPlace,
  makeRunDirectory,
  makeRunId,
  refuseUsedDirectory,
} from '../../results/runDirectory.js';
import { linkLatest } from './latestRun.js';
import { runOnEngine, type RunEnd, type RunRequest } from './runOnEngine.js';
import { runOnTargets } from './runOnTargets.js';
import { occupiedPaths } from './occupiedPaths.js';
import { type ChildOptions, type RunOptions } from './runOptions.js';
import { datedImages, datedKernels } from '../../options/snapshotOption.js';
import { askedTools, imagesWith } from '../../options/toolOptions.js';
import { unnamed } from '../../results/reports/reportPlaces.js';
import { refuseReports, refuseTakenReports } from '../../results/reports/writeReports.js';
import { warnUnmatched } from '../../frame/warnUnmatched.js';

/**
 * Chooses jobs, runs them and reports what they came to. Resolves with the exit code. `isRemembered` is false for scenarios whose files are
 * removed after the run: `--last-failed` could not run them again.
 */
export async function newRun(
  names: readonly string[],
  options: RunOptions,
  context: Context,
  isRemembered = true,
): Promise<number> {
  refuseContradictions(options);
  await refuseReports(context, options);
  const { cwd } = context.io;
  const runId = makeRunId();
  const choice = await chooseJobs(names, options, { cwd, runId });
  const { snapshot } = options;
  const images = datedImages(options.image ?? [], snapshot);
  const image = imagesWith(images, await toolSetsOf(options, context));
  const kernel = datedKernels(options.kernel ?? [], snapshot);
  const assigned = await assignJobs(choice.jobs, { ...options, kernel, image }, context.io);
  if (options.keep) refuseToKeepMany(assigned);
  const place = resolve(cwd, options.out ?? defaultPlace);
  if (options.out !== undefined) await refuseUsedDirectory(place);
  const named = occupiedPaths(assigned.shares, place, cwd);
  await refuseTakenReports(context, options, options.out === undefined ? unnamed(named) : named);
  // Whoever started a child has said so already.
  if (options.progress !== 'json')
    warnUnmatched(
      choice.jobs.map(({ scenario }) => scenario),
      context,
    );
  const estimate = await estimateRun(assigned.shares, options, context.services);
  if (options.list) return listJobs(choice, { ...assigned, estimate }, options, context);
  if (choice.nothing !== undefined) return tellNothing(choice.nothing, options, context);
  const directory = await makeRunDirectory({ cwd, runId, out: options.out });
  await linkLatest(cwd, directory).catch(context.complain);
  if (isMatrix(assigned) || assigned.shard !== undefined) {
    const { expect, flows } = options;
    await writeMatrixRecord(directory, matrixRecord({ ...assigned, expect, flows, mutated: choice.mutated }));
  }
  const { shares, shard } = assigned;
  const asking = { runId, process: await ownerTag(), isMatrix: isMatrix(assigned), shard, shares };
  await writeAsked(directory, { ...asking, seed: choice.seed, options: askedOptions(options) });
  const ended = await runShares(assigned, { ...choice, estimate, runId, directory }, options, context);
  // The matrix that has named the jobs records what became of them.
  if (options.jobs === undefined && isRemembered) await saveLastRun(choice, directory, ended, context);
  const { mutated, seed } = choice;
  const { json, verbose, stopOnFailure } = options;
  const results = accountForAll({ shares: assigned.shares, directory, stopOnFailure }, ended);
  const exitCode = exitCodeOfRun(assigned, ended);
  await reportResults(
    context,
    {
      ...ended,
      results,
      directory,
      json,
      verbose,
      mutated,
      seed,
      runId,
      exitCode,
      isPart: options.jobs !== undefined,
    },
    options,
  );
  return options.bisect ? bisectExitCode(ended) : exitCode;
}

/** The sets of tools to put into images: those named, or one made of the files named. */
async function toolSetsOf(options: RunOptions, { io, services }: Context): Promise<readonly string[]> {
  const asked = askedTools(options, io.cwd);
  const { tools = [] } = options;
  if (asked.length === 0) return tools;
  if (tools.length > 0) {
    throw new UsageError('expected --tools or files with --deb and --bin, found both', {
      hint: 'give the files a name, and that with --tools: lvs-lab tools add NAME --deb FILE',
    });
  }
  return [(await services.tools.add(undefined, asked)).name];
}

/** The options that another process needs to continue the run in the same way. */
function askedOptions(options: RunOptions): Pick<RunRequestValues['options'], ChildOptions | 'vms'> {
  const { engine, accel, iptables, repeatEach, flows, expect, lanes, vms } = options;
  const { mutate = false, freshControl = false, explain = false, stopOnFailure = false } = options;
  return {
    ...{ engine, accel, repeatEach, mutate, flows, expect, lanes, vms, freshControl, explain, stopOnFailure },
    iptables: iptables === undefined ? undefined : [...iptables],
  };
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
