import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { engineIdentitySchema } from '../../engine/port/engineIdentity.js';

/** The name of the file in a run's directory that tells how the run went on. */
export const runFile = 'run.json';

const text = z.string();

/** The contents of run.json, which is written again after each job. */
export const runRecordSchema = z.object({
  runId: text,
  /** The version of this program. */
  tool: text,
  engine: engineIdentitySchema,
  startedAt: text,
  /** Left out while the run goes on, and for ever when it was killed. */
  finishedAt: text.optional(),
  /** How many labs there may be at the same time. */
  lanes: z.number(),
  scenarios: z.array(z.object({ job: text, id: text, hash: text })),
  /** The stages of all jobs; `scenario` is the job's name. */
  stages: z.array(z.object({ scenario: text, stage: text, seconds: z.number() })),
});

export type RunRecord = Immutable<z.infer<typeof runRecordSchema>>;
