import { makePlan } from '../../scenario/plan/makePlan.js';
import { makeShape } from '../../scenario/plan/shape.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { configure } from './configureLab.js';
import type { LabSource } from './labFactory.js';
import { planLab } from './plannedLab.js';
import type { UsedLab } from './usedLab.js';

/** A lab that waits for its job. */
interface WaitingLab {
  readonly shape: string;
  /** Resolves with undefined when there is no such lab, or not any more. */
  readonly made: Promise<UsedLab | undefined>;
  readonly since: number;
  /** Whether it is gone, its machine having ended. */
  isLost: boolean;
}

/** Milliseconds that a lab may wait: one that slept with its machine has another idea of the time. */
const longestWait = 10 * 60_000;
/** Names and networks that stand for all there may be, so that shapes are equal where their labs are. */
const anyLab = { runId: 'any', lab: 1, subnets: { lan: '198.18.0.0/24', front: '198.18.1.0/24' } };

/**
 * A source of labs that can make one, and set it up, before its job is known, so that nobody waits for that. No packet is sent in a lab that
 * waits.
 */
export class ReadyLabs implements LabSource, AsyncDisposable {
  #waiting: WaitingLab | undefined;

  constructor(
    private readonly labs: LabSource,
    private readonly runId: string,
    /** Called when a lab that nobody wanted could not be removed. */
    private readonly report: (what: string, error: Error) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The lab that waits, where it is what this scenario needs; else a new one. */
  async make(scenario: Scenario): Promise<UsedLab> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const isOld = waiting !== undefined && this.now() - waiting.since > longestWait;
    if (waiting?.shape === shapeOf(scenario) && !isOld) {
      const lab = await waiting.made;
      if (lab !== undefined && !waiting.isLost) return lab;
      await this.#remove(lab);
    } else await this.#remove(await waiting?.made);
    return this.labs.make(scenario);
  }

  /** Begins to make a lab for the next run of this scenario, in place of one that waits. */
  prepare(scenario: Scenario): void {
    const before = this.#waiting;
    const made = this.#replace(before, scenario);
    const waiting = { shape: shapeOf(scenario), since: this.now(), made, isLost: false };
    this.#waiting = waiting;
    void made.then((lab) =>
      lab?.lab.lost.catch(() => {
        waiting.isLost = true;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    await this.#remove(await waiting?.made);
  }

  async #replace(before: WaitingLab | undefined, scenario: Scenario): Promise<UsedLab | undefined> {
    await this.#remove(await before?.made);
    let lab: UsedLab | undefined;
    try {
      lab = await this.labs.make(scenario);
      const plan = makePlan(scenario, this.runId, lab.lab.shape);
      await Promise.race([configure(planLab(lab, plan, scenario)), lab.lab.lost]);
      lab.setUpFor = plan;
      return lab;
    } catch {
      // The job that wants a lab will be told why there is none.
      await this.#remove(lab);
      return undefined;
    }
  }

  async #remove(lab: UsedLab | undefined): Promise<void> {
    try {
      await lab?.[Symbol.asyncDispose]();
    } catch (error) {
      this.report('the lab that waited', error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** A text that is equal for scenarios whose labs begin with the same networks and containers. */
function shapeOf(scenario: Scenario): string {
  return JSON.stringify(makeShape(scenario, anyLab));
}
