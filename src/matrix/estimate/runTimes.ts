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

const engineTimesSchema = z.object({
  kind: z.enum(engineKinds),
  /** Of a VM: kvm or tcg. */
  accelerator: z.string().optional(),
  /** When a run on it was last recorded, in ISO 8601. */
  at: z.string(),
  /** Seconds from the start of a run until the engine was ready, the last time. */
  opening: seconds,
  /** The time of all jobs by the clock, as a share of the sum of their own times: several run at once. */
  share: seconds,
  /** By `timedName`, the seconds that the job took without what it prepared for later ones, new times counting as much as all before. */
  jobs: z.record(z.string(), seconds),
});

const schema = z.object({ schema: z.literal(1), engines: z.array(engineTimesSchema) });

/** How long jobs took on this machine, by the engine they ran on. */
export type RunTimes = Immutable<z.infer<typeof schema>>;
export type EngineTimes = RunTimes['engines'][number];

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
    jobs[name] = rounded(known === undefined ? own : (known + own) / 2);
  }
  const engine = {
    kind,
    ...(accelerator === undefined ? {} : { accelerator }),
    at: now.toISOString(),
    opening: rounded(run.opening),
    share: rounded(run.seconds / sum),
    jobs,
  };
  return { schema: 1, engines: [...times.engines.filter((each) => !isIt(each)), engine] };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const none: RunTimes = { schema: 1, engines: [] };

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
