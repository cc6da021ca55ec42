import type { Attempt } from '../../../matrix/run/attempt.js';
import { childArguments } from '../../options/childArguments.js';
import { keptByRun, runOptions, type RunOptions } from './runOptions.js';

/** The command line of the child process that makes an attempt at a target. A user can paste it too. */
export function targetArgv(
  { target, jobs, directory, jobsFile }: Attempt,
  options: Partial<RunOptions>,
): readonly string[] {
  const own = {
    jobs: jobsFile,
    out: directory,
    progress: 'json',
    kernel: target.kernel,
    image: target.image,
  };
  return [
    'run',
    ...new Set(jobs.map(({ scenario }) => scenario.file)),
    ...childArguments(runOptions(), own, {}),
    ...childArguments(runOptions(), options, keptByRun),
  ];
}
