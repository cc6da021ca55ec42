import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isHealthy } from '../../contracts/words/outcomes.js';
import type { PhaseStart } from '../../evidence/model/phase.js';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import type { Expectation } from '../../scenario/model/expectation.js';
import { makePlan } from '../../scenario/plan/makePlan.js';
import { LabError } from '../../support/errors.js';
import { isNoSpace, noSpaceError } from '../../support/noSpace.js';
import { judge } from '../../verdict/judge.js';
import { nodesToTrace } from '../../verdict/traceFinding.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import { alive } from './alive.js';
import { runControl, useKeptControl } from './control.js';
import { withDeadlineHint } from './deadlineHint.js';
import type { Emit, Stage } from '../model/labEvents.js';
import { jobDirectory, jobFacts, type Job } from '../model/jobs.js';
import { runPhase } from '../phase/runPhase.js';
import { planLab, type PlannedLab } from '../lab/plannedLab.js';
import { recordLab } from '../lab/recordLab.js';
import { recordScenario } from '../recording/recordScenario.js';
import { seal } from '../recording/seal.js';
import type { ScenarioResult } from '../model/scenarioResult.js';
import type { UsedLab } from '../lab/usedLab.js';
import { timedStage } from './stage.js';
import { runTrace } from './runTrace.js';
import { followInKernel } from './followInKernel.js';
import { runTraced, withConnections } from './runTraced.js';
import { connectionsToTrace } from '../../verdict/explanation/connectionsToTrace.js';
import { becomeReady, configure, loadRules, NotReady } from '../lab/configureLab.js';
import { writeJson } from '../../support/files/writeJson.js';

export interface ScenarioRun {
  readonly runId: string;
  /** The run's directory; the job gets a folder in it. */
  readonly out: string;
  readonly expect: Expectation;
  /** Whether the control is run anew where one was kept. */
  readonly freshControl: boolean;
  /** Whether packets are followed through the rules in a lab of their own, when the measured run shows something to explain. */
  readonly explain: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called with the lab at the end of the job, even after a failure, and before the lab is removed. */
  readonly hold: ((lab: PlannedLab) => Promise<void>) | undefined;
}

/** Adds to an error of a full disk that it is the disk of the evidence: a run itself writes nothing else. */
function placed(error: unknown, out: string): Error {
  if (isNoSpace(error) && !(error instanceof LabError)) {
    return noSpaceError('the evidence', { directory: out, setting: '--out DIR' }, error);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Gives a job its labs, one after the other; the one before is removed. In none of them has anybody sent a packet. */
export interface Labs {
  next(): Promise<UsedLab>;
}

/** Runs one job to a verdict. Never rejects: what broke is in the result. */
export async function runScenario(job: Job, labs: Labs, run: ScenarioRun): Promise<ScenarioResult> {
  const start = performance.now();
  const { scenario } = job;
  const directory = jobDirectory(run.out, job.name);
  const seconds = (): number => (performance.now() - start) / 1000;
  let preparationSeconds = 0;
  const timed: Labs = {
    next: async () => {
      const lab = await labs.next();
      preparationSeconds += lab.lab.preparationSeconds;
      return lab;
    },
  };
  const common = () => ({
    ...jobFacts(job),
    directory,
    seconds: seconds(),
    preparationSeconds,
  });
  run.emit({ type: 'scenario-started', scenario: job.name, title: scenario.title });
  try {
    const verdict = await stages(job, timed, run, directory);
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
  let lab: PlannedLab | undefined;
  const stage = <T>(name: Stage, work: () => Promise<T>): Promise<T> =>
    timedStage(emit, job.name, name, () => alive(work(), lab?.lab, signal)).catch((error: unknown) => {
      throw withDeadlineHint(error, name);
    });
  const newLab = async (name: Stage): Promise<PlannedLab> => {
    lab = undefined;
    const next = await stage(name, () => labs.next());
    lab = planLab(next, makePlan(job.scenario, run.runId, next.lab.shape), job.scenario);
    return lab;
  };
  await mkdir(directory, { recursive: true });
  await recordScenario(job.scenario, directory);
  const first = await newLab('topology');
  await recordLab(first, run.expect, directory);
  await seal(directory, 'plan');
  try {
    const measuredOn = await startOfMeasured(first);
    if (measuredOn !== undefined) {
      await stage('rules', () => loadRules(measuredOn));
      const start = startOf(job.scenario, measuredOn);
      await recordOther(measuredOn, first);
      await stage('measured', () =>
        runPhase(measuredOn, 'measured', { scenario: job.name, directory, emit, start }),
      );
    }
    return await verdictOf(measuredOn);
  } finally {
    // An end by Ctrl-C is the usual end of holding and must not take the verdict with it.
    if (run.hold !== undefined && lab !== undefined && !signal.aborted)
      await Promise.race([run.hold(lab), lab.lab.lost]);
  }

  /** Makes the control run unless one was kept; resolves with the lab of the measured run, set up, or with undefined when no packet comes through. */
  async function startOfMeasured(before: PlannedLab): Promise<PlannedLab | undefined> {
    const control = { job, lab: before, directory, emit };
    const isKept = !run.freshControl && (await alive(useKeptControl(control), before.lab, signal));
    await stage('configure', () => configure(before));
    if (isKept) return before;
    const isReady = await stage('ready', () => isOpen(before, directory));
    await stage('control', () => runControl(control));
    if (!isReady) return undefined;
    if (job.scenario.start === 'warm') return before;
    const fresh = await newLab('fresh');
    await stage('configure', () => configure(fresh));
    return fresh;
  }

  /** A lab that is not like the one before has a plan and nodes of its own in the phase's folder, which is there from when the phase begins. */
  async function recordOther(fresh: PlannedLab, before: PlannedLab): Promise<void> {
    if (isDeepStrictEqual(fresh.plan, before.plan)) return;
    const measured = path.join(directory, 'measured');
    await mkdir(measured);
    await recordLab(fresh, run.expect, measured);
  }

  async function verdictOf(measuredOn: PlannedLab | undefined): Promise<Verdict> {
    const judged = () =>
      stage('judge', async () => {
        const verdict = judge(run.expect, await readScenarioEvidence(directory));
        await writeJson(path.join(directory, 'verdict.json'), verdict);
        return verdict;
      });
    const verdict = await judged();
    const { measured } = verdict;
    if (run.explain && measured?.outcome !== undefined && !isHealthy(measured.outcome)) {
      await traced(connectionsToTrace(measured, job.scenario.load.connections));
      return judged();
    }
    const toTrace = verdict.measured === undefined ? [] : nodesToTrace(verdict.measured);
    if (measuredOn === undefined || toTrace.length === 0) return verdict;
    await stage('trace', () => runTrace(measuredOn, toTrace, directory));
    return judged();
  }

  async function traced(connections: number): Promise<void> {
    const fresh = await newLab('fresh');
    const few = { ...fresh, plan: withConnections(fresh.plan, connections) };
    await mkdir(path.join(directory, 'traced'));
    const kernel = followInKernel(few, directory);
    await stage('configure', () => configure(few));
    const of = { scenario: job.name, directory, expect: run.expect, emit, kernel };
    await stage('traced', () => runTraced(few, of));
  }
}

const startOf = ({ start }: Job['scenario'], { lab }: PlannedLab): PhaseStart =>
  start === 'warm' ? { is: 'warm' } : { is: 'cold', known: { ...lab.known } };

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
