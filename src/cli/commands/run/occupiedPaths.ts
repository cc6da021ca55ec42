import { basename } from 'node:path';
import type { Share } from '../../../matrix/targets/shard.js';
import { jobDirectory, type Job } from '../../../run/model/jobs.js';
import { scenarioFiles } from '../../options/scenarioFiles.js';
import type { OccupiedPaths } from '../../results/reports/reportPlaces.js';
import { runFiles } from '../../results/runDirectory.js';
import { interruptedFolder } from './readInterrupted.js';
import { lastRunFile } from './jobs/lastRun.js';

/** What a run reads, and what it writes itself in its directory, an absolute path: no report may take the place of either. */
export function occupiedPaths(shares: readonly Share<Job>[], directory: string, cwd: string): OccupiedPaths {
  const jobs = shares.flatMap((share) => share.jobs);
  const scenarios = [...new Set(jobs.map(({ scenario }) => scenario))];
  return {
    directory,
    files: runFiles,
    folders: [
      ...jobs.map(({ name }) => basename(jobDirectory(directory, name))),
      ...shares.map(({ target }) => target.name),
      interruptedFolder,
    ],
    inputs: [lastRunFile(cwd), ...scenarios.flatMap(scenarioFiles)],
  };
}
