import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ownerOfTag, ownerTag } from '../../../engine/lifetime/owner.js';
import { readAsked, writeRecord, type RequestedRunRecord } from '../../../matrix/targets/askedRecord.js';
import type { Share } from '../../../matrix/targets/shard.js';
import type { EngineRecord } from '../../../run/model/engineRecord.js';
import type { Cell } from '../../../run/model/cell.js';
import { jobDirectory, type Job } from '../../../run/model/jobs.js';
import { runFile } from '../../../run/model/runRecord.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { schemaFile } from '../../../scenario/file/jsonSchema.js';
import { readSource, type Source } from '../../../scenario/file/readSource.js';
import { LabError, UsageError } from '../../../support/errors.js';
import { jobsOnDisk, attemptsBefore, enginesOnDisk, resultOnDisk } from '../../results/jobsOnDisk.js';
import { chooseJobs } from './jobs/chooseJobs.js';
import { readSoundResults } from '../../results/resultsFile.js';
import { hasItsEvidence } from '../../results/withEvidence.js';

/** A run that `--resume` continues. */
export interface Resumed {
  readonly asked: RequestedRunRecord;
  /** All jobs that the run was asked for, by target. */
  readonly shares: readonly Share<Job>[];
  /** The jobs that have no verdict yet, by target. */
  readonly left: readonly Share<Job>[];
  /** The results that have a verdict already. */
  readonly kept: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** For each target's name, how many attempts at it have been made. */
  readonly attempts: ReadonlyMap<string, number>;
}

/** The folder in the run's directory that takes what half-run jobs left. */
export const interruptedFolder = 'interrupted';

/**
 * Reads a run's directory to continue it: every job without a verdict, or without the evidence of its verdict, runs
 * again, with the same options. Throws UsageError when the
 * directory has no record of what was asked for, the run is still going on, or a scenario's file has changed.
 */
export async function readInterrupted(
  directory: string,
  cwd: string,
  tell: (text: string) => void,
): Promise<Resumed> {
  const asked = await readAsked(directory);
  if (asked === undefined) {
    throw new UsageError(`expected a run's directory with --resume, found no asked.json in ${directory}`, {
      hint: 'name the folder that `lvs-lab run` printed as evidence, or that it was told with --out',
    });
  }
  if ((await ownerOfTag(asked.process)) === 'alive') {
    throw new UsageError(`expected the run in ${directory} to be over, found that it still goes on`, {
      hint: 'wait for its end, or end it with Ctrl-C',
    });
  }
  await refuseOtherFiles(asked);
  const jobs = await jobsOfAsked(asked, cwd);
  const recorded = await readSoundResults(directory, tell);
  const kept: ScenarioResult[] = [];
  for (const job of await jobsOnDisk(directory, asked, recorded)) {
    const result = job.recorded?.verdict === undefined ? await resultOnDisk(job) : job.recorded;
    if (result?.verdict === undefined) continue;
    if (await hasItsEvidence(result.directory, result.verdict)) kept.push(result);
    else tell(`note: ${result.job} is run again: its evidence is not what was recorded\n`);
  }
  const hasVerdict = new Set(kept.map(keyOf));
  const shares = asked.shares.map(({ target, jobs: names }) => ({
    target: { name: target.name, kernel: target.kernel, image: target.image },
    jobs: names.flatMap((name) => jobs.get(name) ?? []),
  }));
  const left = shares
    .map(({ target, jobs: all }) => ({
      target,
      jobs: all.filter(({ name }) => !hasVerdict.has(keyOf({ job: name, cell: target }))),
    }))
    .filter((share) => share.jobs.length > 0);
  const attempts = new Map<string, number>();
  for (const { target } of left) attempts.set(target.name, await attemptsBefore(directory, target.name));
  return {
    asked,
    shares,
    left,
    kept,
    engines: recorded?.engines ?? (await enginesOnDisk(directory, asked)),
    attempts,
  };
}

/** Claims the run for this process, and moves what half-run jobs left into a folder of its own, so that old and new evidence do not mix. */
export async function claimRun(directory: string, { asked, left }: Resumed): Promise<void> {
  await writeRecord(directory, { ...asked, process: await ownerTag() });
  if (asked.isMatrix) return; // Each attempt at a target has a folder of its own.
  const names = await readdir(directory);
  const half = left
    .flatMap(({ jobs }) => jobs.map(({ name }) => basename(jobDirectory(directory, name))))
    .filter((name) => names.includes(name));
  const logs = [runFile, 'console.log', schemaFile].filter((name) => names.includes(name));
  const number = names.includes(interruptedFolder)
    ? (await readdir(join(directory, interruptedFolder))).length + 1
    : 1;
  const place = join(directory, interruptedFolder, String(number));
  try {
    await mkdir(place, { recursive: true });
    for (const name of [...half, ...logs]) await rename(join(directory, name), join(place, name));
  } catch (cause) {
    throw new LabError(`could not put aside what half-run jobs left in ${directory}`, { cause });
  }
}

function keyOf({ job, cell }: { readonly job: string; readonly cell?: Partial<Cell> | undefined }): string {
  return JSON.stringify([cell?.kernel, cell?.image, job]);
}

async function refuseOtherFiles({ jobs }: RequestedRunRecord): Promise<void> {
  const files = new Map(jobs.map(({ file, hash }) => [file, hash]));
  const problems: string[] = [];
  for (const [file, hash] of files) {
    const source = await readSource(file, file);
    if ('problem' in source) problems.push(`${file}: cannot be read any more`);
    else if ('foreign' in source || source.hash !== hash)
      problems.push(`${file}: has changed since${orRules(source)}`);
  }
  if (problems.length === 0) return;
  throw new UsageError(
    'expected the scenario files to be those that the run was started with, with --resume',
    {
      details: problems.join('\n'),
      hint: 'put them back as they were (each job has a copy of its own as scenario.yaml, with its rule files), or start a new run',
    },
  );
}

/**
 * The end of the error's sentence. One hash covers the scenario and its rule files, so it cannot say which changed: name them all, or the
 * one that can no longer be read.
 */
function orRules(source: Source): string {
  if (!('record' in source)) return '';
  const { document, record } = source;
  if (document.problems.length > 0) return `: ${document.problems.map(({ message }) => message).join('; ')}`;
  const names = record.slice(1).map(({ name }) => basename(name));
  return names.length === 0 ? '' : `, or a rule file that it names has (${names.join(', ')})`;
}

async function jobsOfAsked(
  { jobs, options }: RequestedRunRecord,
  cwd: string,
): Promise<ReadonlyMap<string, Job>> {
  const { mutate, repeatEach, flows, iptables } = options;
  const files = [...new Set(jobs.map(({ file }) => file))];
  const choice = await chooseJobs(
    files,
    {
      tag: [],
      repeatEach,
      ...(mutate ? { mutate } : {}),
      ...(flows === undefined ? {} : { flows }),
      ...(iptables === undefined ? {} : { iptables }),
    },
    { cwd, runId: '' },
  );
  return new Map(choice.jobs.map((job) => [job.name, job]));
}
