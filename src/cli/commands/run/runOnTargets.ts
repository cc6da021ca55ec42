import { availableParallelism } from 'node:os';
import { labRoom } from '../../../engine/docker/labRoom.js';
import { bytesPerMachine, vmSize } from '../../../engine/vm/qemu/machineArgs.js';
import { vmCapacity } from '../../../matrix/run/vmCapacity.js';
import { runAttempt, type AttemptTools } from '../../../matrix/run/runAttempt.js';
import { runMatrix } from '../../../matrix/run/runMatrix.js';
import type { Share } from '../../../matrix/targets/shard.js';
import type { Job } from '../../../run/model/jobs.js';
import type { Context } from '../../frame/context.js';
import { readProvenance } from '../../results/readProvenance.js';
import { readResults } from '../../results/resultsFile.js';
import type { RunEnd, RunRequest } from './runOnEngine.js';
import type { RunOptions } from './runOptions.js';
import { targetArgv } from './targetArgv.js';
import { beginRun } from './runProgress.js';

/** Runs the jobs of several kernels and images, each target in a child process. Never rejects: what ended it early is the result's `error`. */
export async function runOnTargets(
  shares: readonly Share<Job>[],
  work: RunRequest,
  options: RunOptions,
  { io, services }: Context,
): Promise<RunEnd> {
  const { emit, signal, close } = beginRun(work, options, io);
  const atOnce = targetsAtOnce(options);
  const lanes = options.lanes ?? lanesOfEach(atOnce);
  const tools: AttemptTools = {
    emit,
    signal,
    argvOf: (attempt) => targetArgv(attempt, lanes === undefined ? options : { ...options, lanes }),
    readResults,
    readProvenance,
    runChild: (request) => services.runChild(request),
  };
  try {
    const { results, engines, error } = await runMatrix({
      emit,
      signal,
      runId: work.runId,
      shares,
      out: work.directory,
      atOnce,
      stopAtFirst: options.stopOnFailure ?? false,
      attemptsBefore: (target) => work.attempts?.get(target) ?? 0,
      makeAttempt: (attempt) => runAttempt(attempt, tools),
    });
    return { results, engines, ...(error === undefined ? {} : { error }) };
  } finally {
    close();
  }
}

/**
 * How many targets run at a time. One under `-x`, because nothing else may be running after a failure, and one on a local engine, of which
 * there is only one.
 */
export function targetsAtOnce({
  vms,
  stopOnFailure,
  engine,
}: Pick<RunOptions, 'vms' | 'stopOnFailure' | 'engine'>): number {
  if (stopOnFailure || engine === 'local') return 1;
  return vms ?? vmCapacity(thisMachine(), vmSize('tcg', true));
}

/** How many labs each of several targets may have at a time, so that together they have what the machine has room for; undefined: it decides itself. */
function lanesOfEach(atOnce: number): number | undefined {
  return atOnce === 1 ? undefined : Math.max(1, Math.floor(labRoom(thisMachine(), bytesPerMachine) / atOnce));
}

const thisMachine = () => ({
  processors: availableParallelism(),
  memoryBytes: process.availableMemory(),
});
