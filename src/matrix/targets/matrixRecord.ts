import { iptablesFlavours } from '../../contracts/words/nodes.js';
import type { Outcome } from '../../contracts/words/outcomes.js';
import path from 'node:path';
import { z } from 'zod';
import type { Job } from '../../run/model/jobs.js';
import { LabError, UsageError } from '../../support/errors.js';
import { parseJson } from '../../support/parseJson.js';
import { toolVersion } from '../../support/version.js';
import { readRecord } from './readRecord.js';
import { shardSchema, type Shard } from './shard.js';
import { targetSchema, type Target } from './target.js';
import { writeJson } from '../../support/files/writeJson.js';

/** The name of the file in the directory of a matrix, and of a shard. */
export const matrixFile = 'matrix.json';

const text = z.string();

const matrixSchema = z.object({
  schema: z.literal(1),
  tool: text,
  /** Which shard this is; left out: the whole matrix. */
  shard: shardSchema.optional(),
  /** The kernels and images, in the order asked for. */
  targets: z.array(targetSchema),
  /** The jobs of every target, in the order asked for. */
  jobs: z.array(z.object({ job: text, id: text, hash: text, iptables: z.enum(iptablesFlavours).optional() })),
  /** Options that change the results. */
  options: z.object({ expect: text.optional(), flows: z.number().optional(), mutated: z.boolean() }),
});

/** What a matrix was asked for, with all its shards, and which shard this is. */
export type MatrixRecord = z.infer<typeof matrixSchema>;

/** Makes the record of a matrix or shard. */
export function matrixRecord(asked: {
  readonly targets: readonly Target[];
  readonly jobs: readonly Job[];
  readonly shard: Shard | undefined;
  readonly expect: Outcome | undefined;
  readonly flows: number | undefined;
  readonly mutated: boolean;
}): MatrixRecord {
  const { shard, expect, flows, mutated } = asked;
  return {
    schema: 1,
    tool: toolVersion(),
    ...(shard === undefined ? {} : { shard }),
    targets: asked.targets.map(({ name, kernel, image }) => ({
      name,
      ...(kernel === undefined ? {} : { kernel }),
      ...(image === undefined ? {} : { image }),
    })),
    jobs: asked.jobs.map(({ name, iptables, scenario: { id, hash } }) => ({
      ...{ job: name, id, hash },
      ...(iptables === undefined ? {} : { iptables }),
    })),
    options: {
      ...(expect === undefined ? {} : { expect }),
      ...(flows === undefined ? {} : { flows }),
      mutated,
    },
  };
}

/** Writes the record. Throws LabError when it cannot be written. */
export async function writeMatrixRecord(directory: string, record: MatrixRecord): Promise<void> {
  const file = path.join(directory, matrixFile);
  try {
    await writeJson(file, record);
  } catch (cause) {
    throw new LabError(`could not write ${file}`, { cause, hint: 'choose another place with --out DIR' });
  }
}

/** Reads the record in a directory; undefined: it is a plain run's. Throws UsageError for a record that this version cannot read. */
export async function readMatrixRecord(directory: string): Promise<MatrixRecord | undefined> {
  const file = path.join(directory, matrixFile);
  const content = await readRecord(file);
  if (content === undefined) return undefined;
  try {
    return parseJson(matrixSchema, content);
  } catch (cause) {
    throw new UsageError(
      `expected ${file} to be what \`lvs-lab run\` records of a matrix, found something else`,
      {
        cause,
        hint: 'merge with the version of lvs-lab that ran it',
      },
    );
  }
}
