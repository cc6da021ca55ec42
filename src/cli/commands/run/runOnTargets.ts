import { availableParallelism } from 'node:os';
import { defaultShape } from '../../../engine/vm/machineArgs.js';
import type { Attempt } from '../../../matrix/run/attempt.js';
import { roomForVms } from '../../../matrix/run/room.js';
import { runAttempt, type Means } from '../../../matrix/run/runAttempt.js';
import { runMatrix } from '../../../matrix/run/runMatrix.js';
import type { Share } from '../../../matrix/targets/shard.js';
import type { Job } from '../../../run/model/jobs.js';
import type { Context } from '../../frame/context.js';
import type { MatrixOptions } from '../../options/matrixOptions.js';
import type { JobOptions } from '../../options/options.js';
import { readProvenance } from '../../results/readProvenance.js';
import { readResults } from '../../results/resultsFile.js';
import type { EngineRunOptions, RunEnd, Work } from './runOnEngine.js';
import { beginRun } from './underway.js';

type TargetRunOptions = EngineRunOptions & JobOptions & Pick<MatrixOptions, 'iptables' | 'vms'>;

/** Runs the jobs of several kernels and images, each in a process of its own. Does not reject: what ended it early is in the result. */
export async function runOnTargets(
  shares: readonly Share<Job>[],
  work: Work,
  options: TargetRunOptions,
  { io, services }: Context,
): Promise<RunEnd> {
  const { emit, signal, close } = beginRun(work, options, io);
  const argvOf = (attempt: Attempt): readonly string[] => childArgv(attempt, options);
  const means: Means = {
    emit,
    signal,
    argvOf,
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
      atOnce: targetsAtOnce(options),
      stopAtFirst: options.stopOnFailure ?? false,
      attemptsBefore: (target) => work.attempts?.get(target) ?? 0,
      makeAttempt: (attempt) => runAttempt(attempt, means),
    });
    return { results, engines, ...(error === undefined ? {} : { error }) };
  } finally {
    close();
  }
}

/** Nothing may be started any more after a failure under -x, so nothing else may be going on; and there is only one local engine. */
function targetsAtOnce({ vms, stopOnFailure, engine }: TargetRunOptions): number {
  if (stopOnFailure || engine === 'local') return 1;
  const machine = { processors: availableParallelism(), memoryBytes: process.availableMemory() };
  return vms ?? roomForVms(machine, defaultShape('tcg'));
}

/** The command line of the process that makes an attempt; it can be pasted too. */
function childArgv(
  { target, jobs, directory, jobsFile }: Attempt,
  options: TargetRunOptions,
): readonly string[] {
  const { engine, accel, iptables, flows, repeatEach, expect, lanes } = options;
  const given = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [name, String(value)];
  return [
    'run',
    ...new Set(jobs.map(({ scenario }) => scenario.file)),
    ...['--jobs', jobsFile, '--out', directory, '--progress', 'json'],
    ...['--engine', engine, '--accel', accel, '--repeat-each', String(repeatEach)],
    ...given('--kernel', target.kernel),
    ...given('--image', target.image),
    ...given('--iptables', iptables?.join(',')),
    ...given('--flows', flows),
    ...given('--expect', expect),
    ...given('--lanes', lanes),
    ...(options.mutate ? ['--mutate'] : []),
    ...(options.isolate ? ['--isolate'] : []),
    ...(options.stopOnFailure ? ['--stop-on-failure'] : []),
  ];
}
