import path from 'node:path';
import type { Job } from '../../run/model/jobs.js';
import { attemptName, type Target } from '../targets/target.js';

/** Jobs that one child process runs on one target. */
export interface Attempt {
  readonly target: Target;
  /** The jobs in the order in which the child runs them. */
  readonly jobs: readonly Job[];
  /** The run directory of the child, which makes it. */
  readonly directory: string;
  /** A file that lists the names of the jobs for the child. */
  readonly jobsFile: string;
}

/** Describes an attempt at a target, counted from 1, for the jobs that are left; its directories are below `out`. */
export function attemptAt(target: Target, number: number, jobs: readonly Job[], out: string): Attempt {
  const directory = path.join(out, attemptName(target, number));
  return { target, jobs, directory, jobsFile: `${directory}.jobs.json` };
}
