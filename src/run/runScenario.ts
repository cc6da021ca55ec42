import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Lab } from '../engine/port.js';
import { readScenarioEvidence } from '../evidence/read.js';
import type { Expectation } from '../scenario/expectation.js';
import type { Scenario } from '../scenario/types.js';
import { Scope } from '../support/scope.js';
import { abortable } from '../support/wait.js';
import { judge } from '../verdict/judge.js';
import type { Verdict } from '../verdict/types.js';
import type { Emit, Stage } from './events.js';
import { runPhase } from './phase.js';
import type { ScenarioResult } from './result.js';
import { becomeReady, bringUp, loadRules } from './topology.js';

export interface ScenarioRun {
  readonly engine: Engine;
  readonly runId: string;
  /** The run's directory; the scenario gets a folder in it. */
  readonly out: string;
  readonly expect: Expectation;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called with the lab when all is done, or has failed, and before it is removed. */
  readonly hold: ((lab: Lab) => Promise<void>) | undefined;
}

/** From a connection that breaks to QEMU's end being known. */
const lostMs = 250;

/** A scenario's folder in a run directory. */
export const scenarioDirectory = (out: string, scenario: string): string =>
  path.join(out, scenario.replaceAll('/', '-'));

/** Runs one scenario from an empty network to a verdict. Does not reject: what broke is in the result. */
export async function runScenario(scenario: Scenario, run: ScenarioRun): Promise<ScenarioResult> {
  const start = performance.now();
  const directory = scenarioDirectory(run.out, scenario.id);
  const common = (): { scenario: string; directory: string; seconds: number } => ({
    scenario: scenario.id,
    directory,
    seconds: (performance.now() - start) / 1000,
  });
  run.emit({ type: 'scenario-started', scenario: scenario.id, title: scenario.title });
  try {
    const verdict = await stages(scenario, run, directory);
    run.emit({ type: 'scenario-finished', verdict, ...common() });
    return { verdict, ...common() };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    run.emit({ type: 'scenario-broke', error: known, ...common() });
    return { error: known, ...common() };
  }
}

async function stages(scenario: Scenario, run: ScenarioRun, directory: string): Promise<Verdict> {
  const { engine, emit, signal } = run;
  const alive = <T>(work: Promise<T>): Promise<T> =>
    abortable(Promise.race([lostFirst(work, engine), engine.lost]), signal);
  const stage = async <T>(name: Stage, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    emit({ type: 'stage-started', scenario: scenario.id, stage: name });
    const result = await alive(work());
    const seconds = (performance.now() - start) / 1000;
    emit({ type: 'stage-finished', scenario: scenario.id, stage: name, seconds });
    return result;
  };
  const scope = new Scope((what, error) => {
    emit({ type: 'cleanup-problem', what, error });
  });
  try {
    await mkdir(directory, { recursive: true });
    await copyFile(scenario.file, path.join(directory, 'scenario.yaml'));
    const lab = await stage('topology', () => {
      const rising = bringUp(engine, scenario, run.runId);
      // Registered before it is there: an interrupted bring-up is waited for, then removed.
      scope.defer('the nodes', () => removeLab(engine, rising));
      return rising;
    });
    const { hold } = run;
    await record(lab, directory);
    try {
      await stage('ready', () => becomeReady(lab));
      await stage('control', () => runPhase(lab, 'control', directory));
      await stage('rules', () => loadRules(lab));
      await stage('measured', () => runPhase(lab, 'measured', directory));
      return await stage('judge', async () => {
        const verdict = judge(run.expect, await readScenarioEvidence(directory));
        await writeJson(path.join(directory, 'verdict.json'), verdict);
        return verdict;
      });
    } finally {
      // An end by Ctrl-C is the usual end of holding and must not take the verdict with it.
      if (hold !== undefined && !signal.aborted) await Promise.race([hold(lab), engine.lost]);
    }
  } finally {
    const start = performance.now();
    emit({ type: 'stage-started', scenario: scenario.id, stage: 'cleanup' });
    await scope.close();
    const seconds = (performance.now() - start) / 1000;
    emit({ type: 'stage-finished', scenario: scenario.id, stage: 'cleanup', seconds });
  }
}

/**
 * Settles as `work` does. A command that fails may be the first sign of an engine's death: its own notice, which comes a
 * moment later, says more.
 */
async function lostFirst<T>(work: Promise<T>, engine: Engine): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await Promise.race([engine.lost, sleep(lostMs)]);
    throw error;
  }
}

/** With the engine gone its containers are gone too, and asking it would only wait for an answer. */
async function removeLab(engine: Engine, rising: Promise<Lab>): Promise<void> {
  const lab = await Promise.race([rising, engine.lost]).catch(() => undefined);
  if (lab !== undefined) await Promise.race([lab[Symbol.asyncDispose](), engine.lost.catch(() => undefined)]);
}

async function record(lab: Lab, directory: string): Promise<void> {
  await writeJson(path.join(directory, 'plan.json'), lab.plan);
  await writeJson(
    path.join(directory, 'nodes.json'),
    lab.nodes.map(({ plan: { name, role, address }, mac }) => ({ name, role, address, mac })),
  );
}

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
