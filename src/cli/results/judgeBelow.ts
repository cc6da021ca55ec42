import type { Outcome } from '../../contracts/words/outcomes.js';
import { dirname } from 'node:path';
import { readAsked, type RequestedRunRecord } from '../../matrix/targets/askedRecord.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { NotRunReason } from '../../run/model/notRun.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { hasPlan, withoutFolder, withoutPlan } from './jobFolder.js';
import { jobsOnDisk } from './jobsOnDisk.js';
import { judgeAgain } from './judgeAgain.js';
import { findScenarioDirectories, mergedParts } from './recordedScenarios.js';
import { readSoundResults } from './resultsFile.js';

interface JudgeOptions {
  readonly expect: Outcome | undefined;
  readonly tell: (text: string) => void;
}

interface Judged {
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[] | undefined;
}

/** Judges whatever has evidence in a directory: a run, runs that were merged, or folders of scenarios. */
export async function judgeBelow(directory: string, options: JudgeOptions): Promise<Judged> {
  const asked = await readAsked(directory);
  if (asked !== undefined) return judgeRun(directory, asked, options);
  const parts = await mergedParts(directory);
  return parts.length === 0 ? judgeEvidence(directory, options) : judgeMerged(directory, parts, options);
}

/** Judges what `merge` has put together, in the order of its results. */
async function judgeMerged(
  directory: string,
  parts: readonly string[],
  options: JudgeOptions,
): Promise<Judged> {
  const recorded = await readSoundResults(directory, options.tell);
  const judged: Judged[] = [];
  for (const part of parts) judged.push(await judgeBelow(part, options));
  const places = new Map(recorded?.results.map((result, index) => [result.directory, index]));
  const placeOf = (result: ScenarioResult): number => places.get(result.directory) ?? places.size;
  return {
    results: judged.flatMap(({ results }) => results).toSorted((one, other) => placeOf(one) - placeOf(other)),
    engines: judged.flatMap(({ engines = [] }) => engines),
  };
}

/** Judges a run's directory: every job that the run was asked for, including those that it never started. */
async function judgeRun(
  directory: string,
  asked: RequestedRunRecord,
  { expect, tell }: JudgeOptions,
): Promise<Judged> {
  const recorded = await readSoundResults(directory, tell);
  const results: ScenarioResult[] = [];
  for (const job of await jobsOnDisk(directory, asked, recorded)) {
    const { about, isStarted, recorded: before } = job;
    if (!isStarted) results.push({ ...about, ...withoutEvidence(about.directory, before) });
    else if (await hasPlan(about.directory))
      results.push({ ...(await judgeAgain(about.directory, expect)), ...about });
    else
      results.push({
        ...about,
        seconds: before?.seconds ?? 0,
        error: before?.error ?? (await withoutPlan(about.directory)),
      });
  }
  return { results, engines: recorded?.engines };
}

/** Judges one scenario's folder, or a folder that holds several and has no record of what was asked for. */
async function judgeEvidence(below: string, { expect, tell }: JudgeOptions): Promise<Judged> {
  const directories = await findScenarioDirectories(below);
  // A run that was killed has evidence and no results; what it ran on is not known then, and nothing else depends on it.
  const run = directories.includes(below) ? dirname(below) : below;
  const recorded = await readSoundResults(run, tell);
  const results: ScenarioResult[] = [];
  for (const directory of directories) {
    const before = recorded?.results.find((result) => result.directory === directory);
    // What was recorded of a job that came to no lab says more than its folder.
    const judged =
      (await hasPlan(directory)) || before?.error === undefined
        ? await judgeAgain(directory, expect)
        : before;
    results.push({ ...judged, ...knownFrom(before) });
  }
  const lost = directories.includes(below)
    ? []
    : (recorded?.results ?? []).filter(({ directory }) => !directories.includes(directory));
  for (const before of lost) {
    const { verdict: _, error: __, notRun: ___, ...about } = before;
    results.push({ ...about, ...withoutEvidence(before.directory, before) });
  }
  return { results, engines: recorded?.engines };
}

/** What becomes of a job that has no folder: it was never started, as far as the run recorded, or its evidence is gone. */
function withoutEvidence(
  directory: string,
  before: ScenarioResult | undefined,
): Pick<ScenarioResult, 'seconds'> & ({ readonly error: Error } | { readonly notRun: NotRunReason }) {
  if (before?.error !== undefined) return { seconds: before.seconds, error: before.error };
  return before?.verdict === undefined
    ? { seconds: 0, notRun: before?.notRun ?? 'ended-early' }
    : { seconds: before.seconds, error: withoutFolder(directory) };
}

/** The parts of a result that judging again does not change. */
function knownFrom(
  before: ScenarioResult | undefined,
): Partial<Pick<ScenarioResult, 'job' | 'cell' | 'file' | 'hash'>> {
  return before === undefined
    ? {}
    : { job: before.job, cell: before.cell, file: before.file, hash: before.hash };
}
