import { resolve } from 'node:path';
import type { RunRequestValues } from '../../../matrix/targets/askedRecord.js';
import { resultDocument } from '../../../report/document/resultDocument.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import { LabError, UsageError } from '../../../support/errors.js';
import { accountForAll } from './accountForAll.js';
import type { Context } from '../../frame/context.js';
import { exitCodeFor } from '../../frame/exitCodes.js';
import { estimateRun } from './estimateRun.js';
import { saveLastRun } from './jobs/lastRun.js';
import { reportResults } from '../../results/results.js';
import { writeResults } from '../../results/resultsFile.js';
import { readInterrupted, claimRun } from './readInterrupted.js';
import { linkLatest } from './latestRun.js';
import { makeRunId } from '../../results/runDirectory.js';
import { runOnEngine, type RunEnd } from './runOnEngine.js';
import { runOnTargets } from './runOnTargets.js';
import { occupiedPaths } from './occupiedPaths.js';
import type { RunOptions } from './runOptions.js';
import { refuseReports, refuseTakenReports } from '../../results/reports/writeReports.js';

/** Runs the missing jobs of an interrupted run, in its directory, and reports the results of the whole run. */
export async function resumeRun(
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
  await refuseTakenReports(context, options, occupiedPaths(shares, directory, io.cwd));
  const { runId, seed, isMatrix } = asked;
  const { mutate: mutated, stopOnFailure } = asked.options;
  await claimRun(directory, resumed);
  await linkLatest(io.cwd, directory).catch(context.complain);
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
    ...(asked.options as Pick<RunOptions, keyof RunRequestValues['options']>),
    engine: identity?.kind ?? asked.options.engine,
    ...(lanes === undefined ? {} : { lanes }),
    ...(vms === undefined ? {} : { vms }),
  };
  const estimate = await estimateRun(left, how, services);
  const exceptions = { leftOut: [], ownFlavour: [], estimate };
  const work = { ...exceptions, runId: makeRunId(), directory, engine: identity, attempts };
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
