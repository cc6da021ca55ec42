import type { Command } from '@commander-js/extra-typings';
import type { Outcome } from '../../contracts/words/outcomes.js';
import { dirname, resolve } from 'node:path';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import { readAsked, type RequestedRunRecord } from '../../matrix/targets/askedRecord.js';
import { exitCodeOf } from '../../report/results/resultKind.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import { jobName } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { LabError } from '../../support/errors.js';
import { judge } from '../../verdict/judge.js';
import { jobsOnDisk } from '../results/jobsOnDisk.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { expectOption, jsonOption, verboseOption } from '../options/options.js';
import {
  findScenarioDirectories,
  flavourOf,
  hasPlan,
  readRecordedExpectation,
  repeatOf,
} from '../results/recordedScenarios.js';
import { printResults } from '../results/results.js';
import { readSoundResults } from '../results/resultsFile.js';

/** `judge RUNDIR`: the same verdict again, from the raw evidence. */
export function addJudge(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('judge')
    .description('judge recorded evidence again; changes nothing in it')
    .argument('<rundir>', "a run's directory, or one scenario's below it")
    .addOption(expectOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(
      ending(async (rundir, { expect, json, verbose }) => {
        const below = resolve(context.io.cwd, rundir);
        const asked = await readAsked(below);
        const how = { expect, tell: context.tell };
        const { results, engines } =
          asked === undefined ? await judgeEvidence(below, how) : await judgeRun(below, asked, how);
        const exitCode = exitCodeOf(results);
        printResults(context, { results, engines, directory: below, exitCode, json, verbose });
        return exitCode;
      }),
    );
}

interface How {
  readonly expect: Outcome | undefined;
  readonly tell: (text: string) => void;
}

interface Judged {
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[] | undefined;
}

/** Judges a run's directory: every job that the run was asked for, including those that it never started. */
async function judgeRun(
  directory: string,
  asked: RequestedRunRecord,
  { expect, tell }: How,
): Promise<Judged> {
  const recorded = await readSoundResults(directory, tell);
  const results: ScenarioResult[] = [];
  for (const job of await jobsOnDisk(directory, asked, recorded)) {
    const { about, isStarted, recorded: before } = job;
    if (!isStarted) results.push({ ...about, seconds: 0, notRun: before?.notRun ?? 'ended-early' });
    else if (await hasPlan(about.directory))
      results.push({ ...(await judgeAgain(about.directory, expect)), ...about });
    else results.push({ ...about, seconds: before?.seconds ?? 0, error: before?.error ?? leftNothing() });
  }
  return { results, engines: recorded?.engines };
}

function leftNothing(): LabError {
  return new LabError('the run ended while the lab of this job was being made: there is no evidence', {
    hint: 'run what is missing: `lvs-lab run --resume RUNDIR`',
  });
}

/** Judges one scenario's folder, or a folder that holds several and has no record of what was asked for. */
async function judgeEvidence(below: string, { expect, tell }: How): Promise<Judged> {
  const directories = await findScenarioDirectories(below);
  // A run that was killed has evidence and no results; what it ran on is not known then, and nothing else depends on it.
  const run = directories.includes(below) ? dirname(below) : below;
  const recorded = await readSoundResults(run, tell);
  const results: ScenarioResult[] = [];
  for (const directory of directories) {
    const before = recorded?.results.find((result) => result.directory === directory);
    results.push({ ...(await judgeAgain(directory, expect)), ...knownFrom(before) });
  }
  return { results, engines: recorded?.engines };
}

/** The parts of a result that judging again does not change. */
function knownFrom(
  before: ScenarioResult | undefined,
): Partial<Pick<ScenarioResult, 'job' | 'cell' | 'file' | 'hash'>> {
  return before === undefined
    ? {}
    : { job: before.job, cell: before.cell, file: before.file, hash: before.hash };
}

/** Judges one scenario's evidence. When the evidence cannot be read, the result has no verdict, and the other scenarios are still judged. */
async function judgeAgain(directory: string, expect: Outcome | undefined): Promise<ScenarioResult> {
  const start = performance.now();
  const repeat = repeatOf(directory);
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const expectation =
      expect === undefined
        ? await readRecordedExpectation(directory)
        : { outcome: expect, signal: undefined };
    const evidence = await readScenarioEvidence(directory);
    const verdict = judge(expectation, evidence);
    const job = jobName(verdict.scenario, repeat, flavourOf(directory));
    return { scenario: verdict.scenario, job, repeat, directory, seconds: seconds(), verdict };
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    return { scenario: directory, job: directory, repeat, directory, seconds: seconds(), error: reason };
  }
}
