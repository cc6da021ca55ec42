import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { engineKinds } from '../../contracts/words/engines.js';
import type { EngineIdentity } from '../../engine/port/engineIdentity.js';
import type { Job } from '../../run/model/jobs.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { parseJson } from '../../support/parseJson.js';

const seconds = z.number().nonnegative();

/** What a job took, without what it prepared for later ones. */
const jobTimesSchema = z.object({
  /** From its start to its end, in seconds: beside other jobs it takes longer. Falls at once when it took less, and rises slowly. */
  seconds,
  /** What it added to the time of its run, in seconds: its part of that by its share in all jobs' seconds. New ones count as much as all before. */
  added: seconds,
});

const engineTimesSchema = z.object({
  kind: z.enum(engineKinds),
  /** Of a VM: kvm or tcg. */
  accelerator: z.string().optional(),
  /** When a run on it was last recorded, in ISO 8601. */
  at: z.string(),
  /** Seconds from the start of a run until the engine was ready, the last time. */
  opening: seconds,
  /** By `timedName`. */
  jobs: z.record(z.string(), jobTimesSchema),
});

const schema = z.object({ schema: z.literal(2), engines: z.array(engineTimesSchema) });

/** How long jobs took on this machine, by the engine they ran on. */
export type RunTimes = Immutable<z.infer<typeof schema>>;
export type EngineTimes = RunTimes['engines'][number];
export type JobTimes = EngineTimes['jobs'][string];

/** What a run took. */
export interface MeasuredRun {
  readonly identity: Pick<EngineIdentity, 'kind' | 'accelerator'>;
  /** Seconds until the engine was ready, and from then on until the last job had ended. */
  readonly opening: number;
  readonly seconds: number;
  /** `preparationSeconds` of a job's seconds went into what later runs find made: saved labs. */
  readonly jobs: readonly {
    readonly name: string;
    readonly seconds: number;
    readonly preparationSeconds: number;
  }[];
}

/** What has its own time: a scenario, and with how many raw-socket flows. */
export function timedName({ id, flows }: Pick<Job['scenario'], 'id' | 'flows'>): string {
  return flows === undefined ? id : `${id} with ${String(flows.count)} flows`;
}

/** The times with those of one more run. */
export function withRun(times: RunTimes, run: MeasuredRun, now: Date): RunTimes {
  const { kind, accelerator } = run.identity;
  const sum = run.jobs.reduce((all, job) => all + job.seconds, 0);
  if (sum === 0) return times;
  const isIt = (engine: EngineTimes): boolean => engine.kind === kind && engine.accelerator === accelerator;
  const before = times.engines.find(isIt);
  const jobs = { ...before?.jobs };
  for (const { name, seconds, preparationSeconds } of run.jobs) {
    const known = jobs[name];
    const own = Math.max(0, seconds - preparationSeconds);
    const added = (own * run.seconds) / sum;
    jobs[name] = {
      seconds: rounded(Math.min(own, ((known?.seconds ?? own) + own) / 2)),
      added: rounded(((known?.added ?? added) + added) / 2),
    };
  }
  const engine = {
    kind,
    ...(accelerator === undefined ? {} : { accelerator }),
    at: now.toISOString(),
    opening: rounded(run.opening),
    jobs,
  };
  return { schema: 2, engines: [...times.engines.filter((each) => !isIt(each)), engine] };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const none: RunTimes = { schema: 2, engines: [] };

/** Reads the times; a file that is not there, or that another lvs-lab wrote, knows of none. */
export async function readTimes(file: string): Promise<RunTimes> {
  try {
    return parseJson(schema, await readFile(file, 'utf8'));
  } catch {
    return none;
  }
}

/** Adds the times of a run to a file. Of two runs that end at the same moment one may be lost. Rejects with the system's error. */
export async function addRun(file: string, run: MeasuredRun, now = new Date()): Promise<void> {
  const times = withRun(await readTimes(file), run, now);
  const fresh = `${file}.${String(process.pid)}`;
  // It may be the first thing in the cache, which is this user's alone.
  await makeFolder(dirname(file), 0o700);
  await writeFile(fresh, `${JSON.stringify(times)}\n`);
  await rename(fresh, file);
}
