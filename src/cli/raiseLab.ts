import type { Lab } from '../engine/port.js';
import type { Stage } from '../run/events.js';
import { becomeReady, bringUp, loadRules } from '../run/topology.js';
import { abortable } from '../support/wait.js';
import type { RaiseRequest } from './services.js';

/** Brings a lab up, proves that it works and loads its rules; whatever stops it, nothing stays behind. */
export async function raiseLab({ engine, scenario, runId, emit, signal }: RaiseRequest): Promise<Lab> {
  const stage = async <T>(name: Stage, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    emit({ type: 'stage-started', scenario: scenario.id, stage: name });
    const result = await work();
    emit({
      type: 'stage-finished',
      scenario: scenario.id,
      stage: name,
      seconds: (performance.now() - start) / 1000,
    });
    return result;
  };
  const alive = <T>(work: Promise<T>) => abortable(Promise.race([work, engine.lost]), signal);
  // Waited for also when told to stop: half a lab could not be removed.
  const lab = await stage('topology', () => Promise.race([bringUp(engine, scenario, runId), engine.lost]));
  try {
    signal.throwIfAborted();
    await stage('ready', () => alive(becomeReady(lab)));
    await stage('rules', () => alive(loadRules(lab)));
    return lab;
  } catch (error) {
    await Promise.race([lab[Symbol.asyncDispose](), engine.lost]).catch((problem: unknown) => {
      const reason = problem instanceof Error ? problem : new Error(String(problem));
      emit({ type: 'cleanup-problem', what: 'the nodes', error: reason });
    });
    throw error;
  }
}
