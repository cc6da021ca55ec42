import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/port/port.js';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import type { Expectation } from '../../scenario/model/expectation.js';
import { makePlan } from '../../scenario/plan/plan.js';
import { LabError } from '../../support/errors.js';
import { isNoSpace, noSpaceError } from '../../support/noSpace.js';
import { abortable } from '../../support/wait.js';
import { judge } from '../../verdict/judge.js';
import { nodesToTrace } from '../../verdict/traceFinding.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import { controlOf } from './control.js';
import { startingState } from './coldStart.js';
import { withDeadlineHint } from './deadlineHint.js';
import type { Emit, Stage } from '../model/labEvents.js';
import { jobDirectory, jobFacts, type Job } from '../model/jobs.js';
import { runPhase } from './phase.js';
import { planLab, type PlannedLab } from '../lab/plannedLab.js';
import { recordLab } from '../lab/recordLab.js';
import { recordScenario } from '../recording/recordScenario.js';
import { seal } from '../recording/seal.js';
import type { ScenarioResult } from '../model/scenarioResult.js';
import type { SharedLab } from '../lab/sharedLab.js';
import { timedStage } from './stage.js';
import { runTrace } from './trace.js';
import { becomeReady, configure, loadRules, NotReady } from '../lab/configureLab.js';

export interface ScenarioRun {
  readonly engine: Engine;
  readonly runId: string;
  /** The run's directory; the job gets a folder in it. */
  readonly out: string;
  readonly expect: Expectation;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called with the lab at the end of the job, even after a failure, and before anything is put back. */
  readonly hold: ((lab: PlannedLab) => Promise<void>) | undefined;
}

/** Adds to an error of a full disk that it is the disk of the evidence: a run itself writes nothing else. */
function placed(error: unknown, out: string): Error {
  if (isNoSpace(error) && !(error instanceof LabError)) {
    return noSpaceError('the evidence', { directory: out, setting: '--out DIR' }, error);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Milliseconds from a broken connection until it is known that QEMU has ended. */
const lostMs = 250;

/** Gives a job its labs. */
export interface Labs {
  /** Gives a lab that nobody has changed. */
  readonly first: () => Promise<SharedLab>;
  /** Gives another, newly made lab, because of what is wrong with the first. */
  readonly fresh: (why: string) => Promise<SharedLab>;
}

/** Runs one job to a verdict. Never rejects: what broke is in the result. */
export async function runScenario(job: Job, labs: Labs, run: ScenarioRun): Promise<ScenarioResult> {
  const start = performance.now();
  const { scenario } = job;
  const directory = jobDirectory(run.out, job.name);
  const seconds = (): number => (performance.now() - start) / 1000;
  const common = () => ({
    ...jobFacts(job),
    directory,
    seconds: seconds(),
  });
  run.emit({ type: 'scenario-started', scenario: job.name, title: scenario.title });
  try {
    const verdict = await stages(job, labs, run, directory);
    run.emit({ type: 'scenario-finished', scenario: job.name, verdict, directory, seconds: seconds() });
    return { verdict, ...common() };
  } catch (error) {
    const known = placed(error, run.out);
    run.emit({ type: 'scenario-broke', scenario: job.name, error: known, directory, seconds: seconds() });
    return { error: known, ...common() };
  }
}

async function stages(job: Job, labs: Labs, run: ScenarioRun, directory: string): Promise<Verdict> {
  const { emit, signal } = run;
  const stage = <T>(name: Stage, work: () => Promise<T>): Promise<T> =>
    timedStage(emit, job.name, name, () => alive(work(), run.engine, signal)).catch((error: unknown) => {
      throw withDeadlineHint(error, name);
    });
  await mkdir(directory, { recursive: true });
  await recordScenario(job.scenario, directory);
  const shared = await stage('topology', labs.first);
  const planOn = (one: SharedLab) =>
    planLab(one, makePlan(job.scenario, run.runId, one.lab.shape), job.scenario);
  let lab = planOn(shared);
  await recordLab(lab, run.expect, directory);
  await seal(directory, 'plan');
  try {
    await stage('configure', () => configure(lab));
    const isReady = await stage('ready', () => isOpen(lab, directory));
    await stage('control', () =>
      controlOf({ job, lab, shared, directory, emit, hostRules: () => run.engine.hostRules(run.runId) }),
    );
    if (isReady) {
      const replace = async (why: string): Promise<PlannedLab> => {
        lab = planOn(await labs.fresh(why));
        return lab;
      };
      const start = await stage('cold', () => startingState(lab, { directory, expect: run.expect, replace }));
      await stage('rules', () => loadRules(lab));
      await stage('measured', () =>
        runPhase(lab, 'measured', { scenario: job.name, directory, emit, start }),
      );
    }
    const judged = () =>
      stage('judge', async () => {
        const verdict = judge(run.expect, await readScenarioEvidence(directory));
        await writeJson(path.join(directory, 'verdict.json'), verdict);
        return verdict;
      });
    const verdict = await judged();
    const toTrace = verdict.measured === undefined ? [] : nodesToTrace(verdict.measured);
    if (toTrace.length === 0) return verdict;
    await stage('trace', () => runTrace(lab, toTrace, directory));
    return await judged();
  } finally {
    // An end by Ctrl-C is the usual end of holding and must not take the verdict with it.
    if (run.hold !== undefined && !signal.aborted) await Promise.race([run.hold(lab), run.engine.lost]);
  }
}

/** Whether packets come through at all. If not, the reason is recorded, and the control run will show how far they get. */
async function isOpen(lab: PlannedLab, directory: string): Promise<boolean> {
  try {
    await becomeReady(lab);
    return true;
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    await writeJson(path.join(directory, 'not-ready.json'), { message: error.message, probe: error.details });
    await seal(directory, 'plan');
    return false;
  }
}

/** Settles like `work`, but rejects as soon as the engine is lost or the run is aborted. */
export function alive<T>(work: Promise<T>, engine: Engine, signal: AbortSignal): Promise<T> {
  return abortable(Promise.race([lostFirst(work, engine), engine.lost]), signal);
}

/** Settles like `work`. When that fails, waits a moment for the engine's own notice of its end, which says more. */
async function lostFirst<T>(work: Promise<T>, engine: Engine): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await Promise.race([engine.lost, sleep(lostMs)]);
    throw error;
  }
}

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
