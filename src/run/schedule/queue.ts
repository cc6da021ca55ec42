import { controlKey, shapeKey } from '../../scenario/plan/shape.js';
import type { Job } from '../model/jobs.js';

/** What a lane can use for its next job. */
export interface LaneState {
  /** The key of its lab's shape. */
  readonly shape: string;
  /** The keys of control runs that were made in the lab. */
  readonly controls: ReadonlySet<string>;
}

interface Waiting {
  readonly job: Job;
  readonly shape: string;
  readonly control: string;
}

/** Jobs that no lane has taken yet. A lane gets jobs that fit the lab it has, so that labs and control runs are shared. */
export class JobQueue {
  #waiting: Waiting[];
  /** The control keys of jobs that lanes have taken. */
  readonly #claimed = new Set<string>();
  /** For each key of a shape, how many lanes work on it. */
  readonly #lanes = new Map<string, number>();

  constructor(jobs: readonly Job[]) {
    this.#waiting = jobs.map((job) => ({
      job,
      shape: shapeKey(job.scenario),
      control: controlKey(job.scenario),
    }));
  }

  /** Takes the next job; undefined: there is none left. */
  take(atHand: LaneState | undefined): Job | undefined {
    const chosen = (atHand && this.#forLab(atHand)) ?? this.#forNewLab();
    if (chosen === undefined) return undefined;
    this.#waiting = this.#waiting.filter((one) => one !== chosen);
    this.#claimed.add(chosen.control);
    if (chosen.shape !== atHand?.shape) this.#move(atHand?.shape, chosen.shape);
    return chosen.job;
  }

  /** Whether a job waits for a lab of this shape. */
  has(shape: string): boolean {
    return this.#waiting.some((one) => one.shape === shape);
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Drops all waiting jobs, so that no more are started. */
  close(): void {
    this.#waiting = [];
  }

  /** Picks a job for this lab: first one whose control run exists, then one whose control run no lane has begun, then any. */
  #forLab({ shape, controls }: LaneState): Waiting | undefined {
    const fitting = this.#waiting.filter((one) => one.shape === shape);
    return (
      fitting.find(({ control }) => controls.has(control)) ??
      fitting.find(({ control }) => !this.#claimed.has(control)) ??
      fitting[0]
    );
  }

  /** Picks a job for a new lab, of the shape that has the most jobs left per lane, counting the lane that asks. */
  #forNewLab(): Waiting | undefined {
    const left = new Map<string, number>();
    for (const { shape } of this.#waiting) left.set(shape, (left.get(shape) ?? 0) + 1);
    const share = (shape: string): number => (left.get(shape) ?? 0) / ((this.#lanes.get(shape) ?? 0) + 1);
    const [shape] = [...left.keys()].sort((one, other) => share(other) - share(one));
    const fitting = this.#waiting.filter((one) => one.shape === shape);
    return fitting.find(({ control }) => !this.#claimed.has(control)) ?? fitting[0];
  }

  #move(from: string | undefined, to: string): void {
    if (from !== undefined) this.#lanes.set(from, (this.#lanes.get(from) ?? 1) - 1);
    this.#lanes.set(to, (this.#lanes.get(to) ?? 0) + 1);
  }
}
