import type { Engine } from '../../engine/port/port.js';
import { shapeKey } from '../../scenario/plan/shape.js';
import { Scope } from '../../support/scope.js';
import type { Emit } from '../model/labEvents.js';
import type { LabFactory } from '../lab/labFactory.js';
import type { Job } from '../model/jobs.js';
import type { JobQueue } from './queue.js';
import type { ScenarioResult } from '../model/scenarioResult.js';
import { alive, runScenario, type ScenarioRun } from '../stages/runScenario.js';
import type { SharedLab } from '../lab/sharedLab.js';
import { timedStage } from '../stages/stage.js';
import { messageOf } from '../../support/errors.js';

export interface LaneOptions {
  readonly engine: Engine;
  readonly queue: JobQueue;
  readonly maker: LabFactory;
  readonly isolate: boolean;
  /** When the lane's lab may be left on the engine, which is closed then and discards it. */
  readonly leaveLab: {
    /** At the end of the queue. */
    readonly whenDone: boolean;
    /** When the run is told to stop. */
    readonly whenStopped: boolean;
  };
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly runOf: (job: Job) => ScenarioRun;
  readonly finished: (result: ScenarioResult) => Promise<void>;
}

interface Held {
  readonly name: string;
  /** The lab; undefined while it is being made. */
  readonly lab: SharedLab | undefined;
  readonly shape: string;
  /** Removes the lab; resolves with whether nothing was left. */
  readonly remove: () => Promise<boolean>;
}

/** Takes jobs from the queue one after the other. It keeps a lab as long as the next job can use it and it can be put back. */
export class Lane {
  #held: Held | undefined;

  constructor(private readonly options: LaneOptions) {}

  /** Works until the queue is empty or the run is aborted; then nothing of this lane is left on the engine, unless `leaveLab` allows it. */
  async work(): Promise<void> {
    const { queue, isolate, runOf, finished } = this.options;
    try {
      while (!this.#isOver()) {
        const job = queue.take(this.#atHand());
        if (job === undefined) return;
        const result = await runScenario(
          job,
          { first: () => this.#labFor(job), fresh: (why) => this.#freshLabFor(job, why) },
          runOf(job),
        );
        await finished(result);
        if (this.#isOver() || queue.isEmpty) return;
        // What the lab itself may be to blame for must not be passed on.
        const isSound = result.verdict !== undefined && result.verdict.result !== 'inconclusive';
        const isWanted = queue.has(shapeKey(job.scenario));
        if (!isSound || isolate || isSpent(job) || !isWanted) await this.#letGo();
        else await this.#putBack(job);
      }
    } finally {
      if (!this.#mayLeave()) await this.#letGo();
    }
  }

  #isOver(): boolean {
    return this.options.signal.aborted;
  }

  #atHand() {
    const held = this.#held;
    return held?.lab && { shape: held.shape, controls: new Set(held.lab.controls.keys()) };
  }

  /** Whether the lab may stay when the lane has ended. One that gives way to another may not: that may want its network. */
  #mayLeave(): boolean {
    const { whenDone, whenStopped } = this.options.leaveLab;
    return this.#isOver() ? whenStopped : whenDone;
  }

  async #labFor(job: Job): Promise<SharedLab> {
    const shape = shapeKey(job.scenario);
    if (this.#held?.lab !== undefined && this.#held.shape === shape) return this.#held.lab;
    await this.#letGo();
    const { engine, maker, emit, signal } = this.options;
    let isRemoved = true;
    const report = (what: string, error: Error): void => {
      isRemoved = false;
      emit({ type: 'cleanup-problem', what, error });
    };
    const scope = new Scope(report, undefined, { signal });
    const { name, made } = maker.make(job.scenario);
    // Where it is left half made, nobody waits for how that ends.
    made.catch(() => undefined);
    // Registered before it is there: an interrupted bring-up is waited for, then removed.
    scope.defer(`the nodes of ${name}`, () => removeLab(engine, made));
    const remove = async (): Promise<boolean> => {
      await scope.close();
      return isRemoved;
    };
    this.#held = { name, shape, remove, lab: undefined };
    const lab = await made;
    this.#held = { name, shape, remove, lab };
    return lab;
  }

  async #freshLabFor(job: Job, why: string): Promise<SharedLab> {
    if (this.#held !== undefined) this.options.emit({ type: 'lab-replaced', lab: this.#held.name, why });
    await this.#letGo();
    return this.#labFor(job);
  }

  async #putBack(job: Job): Promise<void> {
    const held = this.#held;
    if (held?.lab === undefined) return;
    const { engine, emit, signal } = this.options;
    const { lab } = held;
    const leftover = await timedStage(emit, job.name, 'reset', () =>
      alive(lab.reset(), engine, signal).catch((error: unknown) => messageOf(error)),
    );
    if (leftover === undefined) return;
    emit({ type: 'lab-replaced', lab: held.name, why: leftover });
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    const start = performance.now();
    if (!(await held.remove())) return;
    this.options.emit({ type: 'lab-removed', lab: held.name, seconds: (performance.now() - start) / 1000 });
  }
}

/**
 * Whether a lab should be removed after a job and not put back. After a raw-socket load, putting it back takes longer than a new lab: tens
 * of thousands of sockets would have to go, and IPVS connections cannot. After IPv6 it works, but a node's interface can then not be
 * removed: Linux 6.1 waits for references that nobody drops ("unregister_netdevice: waiting for veth... to become free"), and Docker with
 * it. Removed at once, it goes.
 */
function isSpent({ scenario }: Job): boolean {
  return scenario.flows !== undefined || scenario.topology.family === 'ipv6';
}

/** Removes a lab. If the engine is gone, so are its containers, and asking it would only mean waiting. */
async function removeLab(engine: Engine, made: Promise<SharedLab>): Promise<void> {
  const lab = await Promise.race([made, engine.lost]).catch(() => undefined);
  if (lab !== undefined) await Promise.race([lab[Symbol.asyncDispose](), engine.lost.catch(() => undefined)]);
}
