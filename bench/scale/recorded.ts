import { z } from 'zod';
import type { Immutable } from '../../src/contracts/immutable.js';

/** What is made once and kept in the cache, in the order in which one is made of the other. */
export const parts = ['kernel', 'base', 'root', 'disk', 'warm', 'lab'] as const;
export type Part = (typeof parts)[number];

const number = z.number().nonnegative();

/** Times and sizes that were recorded of real runs: what the simulation knows of the lab. */
export const recordedSchema = z.object({
  /** How and where they were recorded. */
  about: z.string(),
  /** How many labs there were at a time. */
  lanes: z.number(),
  /** Seconds that each part took to be made, and bytes that it takes on disk. */
  parts: z.record(z.enum(parts), z.object({ seconds: number, bytes: number })),
  /** Bytes of evidence of a job. */
  evidenceBytes: number,
  /** Seconds of jobs that made their control run anew, by scenario, without what they prepared for others. */
  scenarios: z.record(z.string(), number),
});
export type Recorded = Immutable<z.infer<typeof recordedSchema>>;

/** What the plain progress of runs tells: seconds of the engine's steps, and of jobs that made a control run. */
export interface Progress {
  readonly steps: ReadonlyMap<string, readonly number[]>;
  readonly jobs: ReadonlyMap<string, readonly number[]>;
}

/** Seconds of a lab's start from what is saved; what its stage took longer went into saving it. */
const startSeconds = 1;

/** Reads what `run --progress plain` printed. */
export function readProgress(text: string): Progress {
  const steps = new Map<string, number[]>();
  const jobs = new Map<string, number[]>();
  const open = new Map<string, { topology: number; control: boolean }>();
  const add = (to: Map<string, number[]>, name: string, seconds: number): void =>
    void to.set(name, [...(to.get(name) ?? []), seconds]);
  for (const line of text.split('\n')) {
    const said = /^\[ *[\d.]+s\] (?:\d+ of \d+: )?(.*)$/.exec(line)?.[1] ?? '';
    const step = /^engine: (.+?): done in (.+)$/.exec(said);
    if (step !== null) add(steps, step[1] ?? '', secondsOf(step[2] ?? ''));
    const stage = /^(\S+): (topology|control) done in (.+)$/.exec(said);
    if (stage !== null) {
      const [, job = '', name, took = ''] = stage;
      const before = open.get(job) ?? { topology: 0, control: false };
      open.set(
        job,
        name === 'control' ? { ...before, control: true } : { ...before, topology: secondsOf(took) },
      );
    }
    const end = /^(\S+): (?:PASS|FAIL) in (.+)$/.exec(said);
    const { topology = 0, control = false } = open.get(end?.[1] ?? '') ?? {};
    if (end === null || !control) continue;
    const [, job = '', took = ''] = end;
    add(jobs, job.replace(/[#@].*/, ''), secondsOf(took) - Math.max(0, topology - startSeconds));
  }
  return { steps, jobs };
}

/** Seconds of a text such as `1 min 55 s` or `0.4 s`. */
function secondsOf(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+) min)? ?(?:([\d.]+) s)?/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
