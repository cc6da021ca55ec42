import type { EngineIdentity } from '../../engine/port/engineIdentity.js';
import type { Emit } from '../../run/model/labEvents.js';
import { jobDirectory, jobFacts, type Job } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { Attempt } from './attempt.js';
import { eventOf, parseEvent, underTarget } from './childEvents.js';
import { cellOf } from '../targets/target.js';

const keptLines = 40;

/** Follows a child through its stderr: passes its events on, and knows how far each of its jobs has got. */
export class ChildWatch {
  readonly #jobs: ReadonlyMap<string, Job>;
  readonly #results = new Map<string, ScenarioResult>();
  /** For each running job, when it was started, in milliseconds of `performance.now()`. */
  readonly #running = new Map<string, number>();
  /** Steps of opening the engine that the child has not finished. */
  readonly #steps = new Set<string>();
  readonly #said: string[] = [];
  /** The engine that the child runs its jobs on; undefined: it has opened none yet. */
  identity: EngineIdentity | undefined;

  constructor(
    private readonly attempt: Attempt,
    private readonly emit: Emit,
  ) {
    this.#jobs = new Map(attempt.jobs.map((job) => [job.name, job]));
  }

  /** The last lines that were no events, such as errors for people. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Takes one line of the child's stderr. */
  take(line: string): void {
    const event = parseEvent(line);
    if (event === undefined) {
      if (line.trim() !== '') this.#said.push(line);
      if (this.#said.length > keptLines) this.#said.shift();
      return;
    }
    if (event.type === 'engine-step') this.#steps[event.state === 'started' ? 'add' : 'delete'](event.step);
    if (event.type === 'engine-ready') this.identity = event.identity;
    if (event.type === 'scenario-started') this.#running.set(event.scenario, performance.now());
    if (event.type === 'scenario-finished')
      this.#settle(event.scenario, event.seconds, { verdict: event.verdict });
    if (event.type === 'scenario-broke') this.#settle(event.scenario, event.seconds, { error: event.error });
    const told = eventOf(this.attempt.target.name, event);
    if (told !== undefined) this.emit(told);
  }

  /** The results of all jobs that the child started, for after its end. Jobs that it was running then are broken, with this reason. */
  over(reason: Error): readonly ScenarioResult[] {
    const { name: target } = this.attempt.target;
    for (const step of this.#steps) {
      this.emit({ type: 'engine-step', step: underTarget(target, step), state: 'failed' });
    }
    for (const [name, started] of this.#running) {
      const seconds = (performance.now() - started) / 1000;
      const directory = jobDirectory(this.attempt.directory, name);
      const scenario = underTarget(target, name);
      this.emit({ type: 'scenario-broke', scenario, error: reason, directory, seconds });
      this.#settle(name, seconds, { error: reason });
    }
    return [...this.#results.values()];
  }

  #settle(name: string, seconds: number, end: Pick<ScenarioResult, 'verdict' | 'error'>): void {
    this.#running.delete(name);
    const job = this.#jobs.get(name);
    if (job === undefined) return;
    const directory = jobDirectory(this.attempt.directory, name);
    this.#results.set(name, resultFor(job, this.attempt, { directory, seconds, ...end }));
  }
}

/** The result of a job, made by a process that did not run it. */
export function resultFor(
  job: Job,
  { target }: Pick<Attempt, 'target'>,
  end: Pick<ScenarioResult, 'directory' | 'seconds' | 'verdict' | 'error'>,
): ScenarioResult {
  return {
    ...jobFacts(job),
    cell: cellOf(target, job),
    ...end,
  } as ScenarioResult;
}
