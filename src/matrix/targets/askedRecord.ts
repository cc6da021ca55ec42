import { acceleratorChoices, engineChoices } from '../../contracts/words/engines.js';
import { iptablesFlavours } from '../../contracts/words/nodes.js';
import { outcomes } from '../../contracts/words/outcomes.js';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { documentDigest } from '../../report/document/documentDigest.js';
import type { Job } from '../../run/model/jobs.js';
import { LabError, UsageError } from '../../support/errors.js';
import { readRecord } from './readRecord.js';
import { parseJson } from '../../support/parseJson.js';
import { toolVersion } from '../../support/version.js';
import { shardSchema, type Shard, type Share } from './shard.js';
import { targetSchema } from './target.js';
import { writeJson } from '../../support/files/writeJson.js';

/** The name of the file in a run's directory; it is there before anything is run. */
export const askedFile = 'asked.json';

const text = z.string();
const flavour = z.enum(iptablesFlavours);

const askedSchema = z.object({
  /** 1 had no digest. */
  schema: z.literal([1, 2]),
  tool: text,
  runId: text,
  startedAt: text,
  /** The tag of the process that runs the jobs, by which it is known whether it still does. */
  process: text,
  /** Whether each target has a folder of its own below the run's. */
  isMatrix: z.boolean(),
  shard: shardSchema.optional(),
  /** The jobs of each target that run here, in the order asked for. */
  shares: z.array(
    z.object({
      target: targetSchema,
      jobs: z.array(text),
    }),
  ),
  /** The details of each job, once, by its name. */
  jobs: z.array(
    z.object({
      job: text,
      id: text,
      repeat: z.number(),
      iptables: flavour.optional(),
      file: text,
      hash: text,
    }),
  ),
  seed: text.optional(),
  /** Options that `--resume` uses again. */
  options: z.object({
    engine: z.enum(engineChoices),
    accel: z.enum(acceleratorChoices),
    iptables: z.array(flavour).optional(),
    repeatEach: z.number(),
    mutate: z.boolean(),
    flows: z.number().optional(),
    expect: z.enum(outcomes).optional(),
    lanes: z.number().optional(),
    vms: z.number().optional(),
    /** The default reads records from before there was the option. */
    freshControl: z.boolean().default(false),
    explain: z.boolean().default(false),
    stopOnFailure: z.boolean(),
  }),
  sha256: text.optional(),
});

/** The record as a run wrote it: unchanged, each job that a target has is described, and each description is of a job that a target has. */
const wholeSchema = askedSchema.refine(
  ({ shares, jobs }) =>
    isDeepStrictEqual(new Set(jobs.map(({ job }) => job)), new Set(shares.flatMap((share) => share.jobs))),
  { error: 'the jobs of the targets are not those that are described', path: ['jobs'] },
);

/** What a run was asked for: its jobs and their options. */
export type RequestedRunRecord = Omit<z.infer<typeof askedSchema>, 'schema' | 'sha256'>;

/** The values that the record is made of. */
export interface RunRequestValues extends Pick<
  RequestedRunRecord,
  'runId' | 'process' | 'isMatrix' | 'options'
> {
  readonly shard: Shard | undefined;
  readonly seed: string | undefined;
  readonly shares: readonly Share<Job>[];
}

/** Writes the record of what a run is asked for into its directory. Throws LabError when it cannot be written. */
export async function writeAsked(directory: string, asking: RunRequestValues): Promise<void> {
  const { shares, ...rest } = asking;
  const jobs = new Map(shares.flatMap((share) => share.jobs.map((job) => [job.name, job] as const)));
  const asked: RequestedRunRecord = {
    tool: toolVersion(),
    startedAt: new Date().toISOString(),
    ...rest,
    shares: shares.map(({ target, jobs: ofTarget }) => ({
      target: { ...target },
      jobs: ofTarget.map(({ name }) => name),
    })),
    jobs: [...jobs.values()].map(({ name, repeat, iptables, scenario: { id, file, hash } }) => ({
      ...{ job: name, id, repeat, iptables, file, hash },
    })),
  };
  await writeRecord(directory, asked);
}

/** Writes the record again when another process resumes the run. Throws LabError when it cannot be written. */
export async function writeRecord(directory: string, asked: RequestedRunRecord): Promise<void> {
  const file = path.join(directory, askedFile);
  const said = { schema: 2, ...asked };
  try {
    await writeJson(file, { ...said, sha256: documentDigest(said) });
  } catch (cause) {
    throw new LabError(`could not write ${file}`, { cause, hint: 'choose another place with --out DIR' });
  }
}

/** Reads what the run in a directory was asked for; undefined: there is no record. Throws UsageError for a record that this version cannot read, or that was changed. */
export async function readAsked(directory: string): Promise<RequestedRunRecord | undefined> {
  const file = path.join(directory, askedFile);
  const content = await readRecord(file);
  if (content === undefined) return undefined;
  const { schema, sha256: named, ...asked } = parsed(content, file);
  if (schema > 1 && named !== documentDigest(JSON.parse(content) as object))
    throw new UsageError(
      `expected ${file} to be what \`lvs-lab run\` wrote, found that it was changed since: its SHA-256 is not the one that it names`,
      { hint: 'use the file as it was written' },
    );
  return asked;
}

function parsed(content: string, file: string): z.infer<typeof wholeSchema> {
  try {
    return parseJson(wholeSchema, content);
  } catch (cause) {
    throw new UsageError(`expected ${file} to be what \`lvs-lab run\` was asked for, found something else`, {
      cause,
      hint: 'use the version of lvs-lab that ran it',
    });
  }
}
