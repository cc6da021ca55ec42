import { cellOf } from '../../../../matrix/targets/target.js';
import { jobListDocument, jobListText } from '../../../../report/listings/jobList.js';
import { ExitCode } from '../../../../support/errors.js';
import type { Estimate } from '../../../../run/model/labEvents.js';
import type { JobSelection } from './chooseJobs.js';
import type { Context } from '../../../frame/context.js';
import type { AssignedJobs } from './assignJobs.js';
import { printResults } from '../../../results/results.js';
import type { Outcome } from '../../../../contracts/words/outcomes.js';

/** Prints the jobs that a run would have, and runs none. */
export function listJobs(
  choice: JobSelection,
  { shares, estimate }: Pick<AssignedJobs, 'shares'> & { readonly estimate: Estimate | undefined },
  { json, expect }: { readonly json?: boolean | undefined; readonly expect?: Outcome | undefined },
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
  if (json) printJson(jobListDocument({ ...choice, jobs, estimate }));
  else
    print(
      choice.nothing === undefined
        ? jobListText({ ...choice, jobs, estimate }, paint)
        : `${choice.nothing}\n`,
    );
  return ExitCode.ok;
}

/** Reports that no scenario is left to run. Exit code 0: that is the aim of `--last-failed`. */
export function tellNothing(
  why: string,
  { json }: { readonly json?: boolean | undefined },
  context: Context,
): ExitCode {
  const exitCode = ExitCode.ok;
  if (json) printResults(context, { results: [], exitCode, json, verbose: false });
  else context.print(`${why}\n`);
  return exitCode;
}
