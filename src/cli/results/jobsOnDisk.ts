import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestedRunRecord } from '../../matrix/targets/askedRecord.js';
import { attemptName, cellOf } from '../../matrix/targets/target.js';
import { parseVerdict, type RecordedResults } from '../../report/document/parseResults.js';
import type { EngineIdentity } from '../../engine/port/engineIdentity.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import { jobDirectory } from '../../run/model/jobs.js';
import { runFile, runRecordSchema } from '../../run/model/runRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { parseJson } from '../../support/parseJson.js';
import { largestDocument } from './largestDocument.js';
import { readProvenance } from './readProvenance.js';

/** A job that a run was asked for, with what the run's directory has of it. */
export interface JobsOnDisk {
  /** The job's name, scenario, cell and so on, and where its evidence is or would be. */
  readonly about: Omit<ScenarioResult, 'verdict' | 'error' | 'notRun' | 'seconds'>;
  /** The result that the run recorded; undefined: the run was killed before it could. */
  readonly recorded: ScenarioResult | undefined;
  /** Whether the job was started, so that it has a folder. */
  readonly isStarted: boolean;
}

/** All jobs that a run was asked for, in that order, each with what the run's directory has of it. */
export async function jobsOnDisk(
  directory: string,
  asked: RequestedRunRecord,
  recorded: RecordedResults | undefined,
): Promise<readonly JobsOnDisk[]> {
  const jobs = new Map(asked.jobs.map((job) => [job.job, job]));
  const found: JobsOnDisk[] = [];
  for (const { target, jobs: names } of asked.shares) {
    const { kernel, image } = target;
    const attempts = asked.isMatrix ? await attemptsAt(directory, target.name) : [directory];
    for (const name of names) {
      const job = jobs.get(name);
      if (job === undefined) continue;
      const places = attempts.map((attempt) => jobDirectory(attempt, name));
      const started = await firstThere(places);
      const cell = cellOf({ kernel, image }, { iptables: job.iptables });
      found.push({
        about: {
          scenario: job.id,
          job: name,
          repeat: job.repeat,
          file: job.file,
          hash: job.hash,
          directory: started ?? places.at(-1) ?? jobDirectory(join(directory, target.name), name),
          cell,
        },
        recorded: recorded?.results.find(
          (result) => result.job === name && result.cell?.kernel === kernel && result.cell?.image === image,
        ),
        isStarted: started !== undefined,
      });
    }
  }
  return found;
}

/** How many attempts at a target a matrix run's directory holds. */
export async function attemptsBefore(directory: string, target: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const plain = names.map((name) => name.replace(/\.jobs\.json$/, ''));
  let number = 0;
  while (plain.includes(attemptName({ name: target }, number + 1))) number += 1;
  return number;
}

/** The engines of a killed run, read from the run.json that it wrote while it went on. */
export async function enginesOnDisk(
  directory: string,
  asked: RequestedRunRecord,
): Promise<readonly EngineRecord[]> {
  const found: EngineRecord[] = [];
  for (const { target } of asked.shares) {
    const { name, kernel, image } = target;
    for (const place of asked.isMatrix ? await attemptsAt(directory, name) : [directory]) {
      const identity = await engineIn(join(place, runFile));
      if (identity !== undefined)
        found.push({ kernel, image, identity, provenance: await readProvenance(place) });
    }
  }
  return found;
}

const engineNamed = runRecordSchema.pick({ engine: true });

/** The engine that a run.json names; undefined when there is none, or the run was killed while it wrote the file. */
async function engineIn(file: string): Promise<EngineIdentity | undefined> {
  try {
    return parseJson(engineNamed, await readRegularText(file, largestDocument)).engine;
  } catch {
    return undefined;
  }
}

/** The result of a job whose run was killed, with the verdict from the job's folder; undefined when there is no verdict. */
export async function resultOnDisk({ about }: JobsOnDisk): Promise<ScenarioResult | undefined> {
  const file = join(about.directory, 'verdict.json');
  try {
    const verdict = parseVerdict(await readRegularText(file, largestDocument));
    // The first thing in the folder is the scenario's file, the last its verdict.
    const [first, last] = await Promise.all([stat(join(about.directory, 'scenario.yaml')), stat(file)]);
    return { ...about, verdict, seconds: Math.max(0, (last.mtimeMs - first.mtimeMs) / 1000) };
  } catch {
    return undefined;
  }
}

/** The directories of all attempts at a target, the latest first. */
async function attemptsAt(directory: string, target: string): Promise<readonly string[]> {
  const number = await attemptsBefore(directory, target);
  return Array.from({ length: number }, (_, index) =>
    join(directory, attemptName({ name: target }, number - index)),
  );
}

async function firstThere(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const isThere = await access(place).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}
