import type { Engine } from '../../engine/port/port.js';
import { makePlan } from '../../scenario/plan/makePlan.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import type { Emit, Stage } from '../model/labEvents.js';
import { LabFactory } from '../lab/labFactory.js';
import { abortable } from '../../support/wait.js';
import { Scope } from '../../support/scope.js';
import { planLab, type PlannedLab } from '../lab/plannedLab.js';
import { removeWith } from '../lab/usedLab.js';
import { refusedBefore } from './tryRules.js';
import { alive } from './alive.js';
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
  const factory = new LabFactory(engine, runId);
  const newLab = async (name: Stage, scope: Scope): Promise<PlannedLab> => {
    signal.throwIfAborted();
    const made = factory.make(scenario);
    removeWith(scope, 'the lab', made);
    const used = await stage(name, () => abortable(made, signal));
    const planned = planLab(used, makePlan(scenario, runId, used.lab.shape), scenario);
    await stage('configure', () => alive(configure(planned), planned.lab, signal));
    return planned;
  };
  const report = (what: string, error: Error): void => {
    emit({ type: 'cleanup-problem', what, error });
  };
  {
    // What nodes learn from the packets that prove that the path is open is gone with them.
    await using scope = new Scope(report, undefined, { signal });
    const tried = await newLab('topology', scope);
    await stage('ready', () => alive(becomeReady(tried), tried.lab, signal));
  }
  const scope = new Scope(report, undefined, { signal });
  try {
    const planned = await newLab('fresh', scope);
    await stage('rules', () => alive(loadRules(planned), planned.lab, signal));
    return planned;
  } catch (error) {
    await scope.close();
    throw error;
  }
}
