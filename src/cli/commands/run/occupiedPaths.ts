import { basename, dirname, resolve } from 'node:path';
import type { Share } from '../../../matrix/targets/shard.js';
import { jobDirectory, type Job } from '../../../run/model/jobs.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import type { OccupiedPaths } from '../../results/reportPlaces.js';
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
    inputs: [lastRunFile(cwd), ...scenarios.flatMap(filesOf)],
  };
}

/** The files that a scenario was read from, as absolute paths. */
function filesOf({ file, places }: Scenario): readonly string[] {
  const ruleFiles = Object.values(places).flatMap(({ text }) => text?.file ?? []);
  return [file, ...ruleFiles.map((name) => resolve(dirname(file), name))];
}
