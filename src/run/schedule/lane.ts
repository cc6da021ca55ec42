import { Scope } from '../../support/scope.js';
import type { LabSource } from '../lab/labFactory.js';
import { removeWith, type UsedLab } from '../lab/usedLab.js';
import type { Emit } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import type { ScenarioResult } from '../model/scenarioResult.js';
import { runScenario, type Labs, type ScenarioRun } from '../stages/runScenario.js';
import type { JobQueue } from './queue.js';

export interface LaneOptions {
  readonly queue: JobQueue;
  readonly labs: LabSource;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly runOf: (job: Job) => ScenarioRun;
  readonly finished: (result: ScenarioResult) => Promise<void>;
}

/** Takes jobs from the queue one after the other, until it is empty or the run is aborted; then no lab of this lane is left. */
export async function workLane(options: LaneOptions): Promise<void> {
  const { queue, signal, runOf, finished } = options;
  while (!signal.aborted) {
    const job = queue.take();
    if (job === undefined) return;
    await using labs = new JobLabs(job, options);
    await finished(await runScenario(job, labs, runOf(job)));
  }
}

/** The labs of one job, of which one is there at a time. */
class JobLabs implements Labs, AsyncDisposable {
  #scope: Scope | undefined;

  constructor(
    private readonly job: Job,
    private readonly options: LaneOptions,
  ) {}

  async next(): Promise<UsedLab> {
    const { labs, emit, signal } = this.options;
    await this.#scope?.close();
    // The job may be over by now, and then nobody removes a lab of it.
    signal.throwIfAborted();
    const report = (what: string, error: Error): void => {
      emit({ type: 'cleanup-problem', what, error });
    };
    this.#scope = new Scope(report, undefined, { signal });
    const made = labs.make(this.job.scenario);
    removeWith(this.#scope, `the lab of ${this.job.name}`, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope?.close();
  }
}
