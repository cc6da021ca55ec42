import path from 'node:path';
import type { Job } from '../../run/model/jobs.js';
import { attemptName, type Target } from '../targets/target.js';

/** Jobs that one child process is to run on one target. */
export interface Attempt {
  readonly target: Target;
  /** In the order in which the child is to run them. */
  readonly jobs: readonly Job[];
  /** The child's run directory; it makes it. */
  readonly directory: string;
  /** Lists the jobs by name, for the child. */
  readonly jobsFile: string;
}

/** The first, second ... attempt at a target, for the jobs that it has left; directories are below `out`. */
export function attemptAt(target: Target, number: number, jobs: readonly Job[], out: string): Attempt {
  const directory = path.join(out, attemptName(target, number));
  return { target, jobs, directory, jobsFile: `${directory}.jobs.json` };
}
