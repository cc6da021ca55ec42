import type { Engine } from '../../engine/port/port.js';
import { makePlan } from '../../scenario/plan/plan.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { clearNodes, remainingStateText } from './coldStart.js';
import type { Emit, Stage } from '../model/labEvents.js';
import { LabFactory } from '../lab/labFactory.js';
import { planLab, type PlannedLab } from '../lab/plannedLab.js';
import { refusedBefore } from './tryRules.js';
import { alive } from './runScenario.js';
import { timedStage } from './stage.js';
import { becomeReady, configure, loadRules } from '../lab/configureLab.js';

/** A lab to bring up for somebody else's use. */
export interface BringUpRequest {
  readonly engine: Engine;
  readonly scenario: Scenario;
  readonly runId: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Brings a lab up, proves that packets get through, and loads the rules; an error leaves nothing behind. Throws RulesError before anything
 * is made when the scenario's rules are refused.
 */
export async function bringUpLab(request: BringUpRequest): Promise<PlannedLab> {
  const { engine, scenario, runId, emit, signal } = request;
  const stage = <T>(name: Stage, work: () => Promise<T>): Promise<T> =>
    timedStage(emit, scenario.id, name, work);
  const refused = await refusedBefore({ engine, jobs: [{ scenario }], runId, emit, signal });
  for (const [, error] of refused) throw error;
  signal.throwIfAborted();
  const { made } = new LabFactory(engine, runId, emit).make(scenario);
  made.catch(() => undefined);
  // Waited for also when told to stop: half a lab could not be removed. Where the engine discards it, nobody has to.
  const shared = await stage('topology', () =>
    engine.discardsLabs ? alive(made, engine, signal) : Promise.race([made, engine.lost]),
  );
  try {
    signal.throwIfAborted();
    const planned = planLab(shared, makePlan(scenario, runId, shared.lab.shape), scenario);
    await stage('configure', () => alive(configure(planned), engine, signal));
    await stage('ready', () => alive(becomeReady(planned), engine, signal));
    const known = remainingStateText(await stage('cold', () => alive(clearNodes(planned), engine, signal)));
    if (known !== undefined) emit({ type: 'cleanup-problem', what: 'a cold start', error: new Error(known) });
    await stage('rules', () => alive(loadRules(planned), engine, signal));
    return planned;
  } catch (error) {
    if (engine.discardsLabs) throw error;
    await Promise.race([shared[Symbol.asyncDispose](), engine.lost]).catch((problem: unknown) => {
      const reason = problem instanceof Error ? problem : new Error(String(problem));
      emit({ type: 'cleanup-problem', what: 'the nodes', error: reason });
    });
    throw error;
  }
}
