import * as z from 'zod';
import { machineFactsSchema } from '../usage/machineFacts.js';
import { usageSchema } from '../usage/usage.js';

/** How a run begins: with an empty cache, or with the cache that another run has left. */
export const cacheStarts = ['cold', 'warm'] as const;
export type CacheStart = (typeof cacheStarts)[number];

const reproRunSchema = z.object({
  start: z.enum(cacheStarts),
  /** How many processes took processors meanwhile, without an end. */
  busyLoops: z.number(),
  ...usageSchema.shape,
  /** Seconds of each phase, in the order in which they were over. */
  phases: z.record(z.string(), z.number()),
});

/** One `npm run repro`, from its start to its end. */
export type ReproRun = Readonly<z.infer<typeof reproRunSchema>>;

/** results/repro.json: the figures of one `npm run bench`, and what they were measured on. */
export const reproResultSchema = z.object({
  /** When, in ISO 8601. */
  at: z.string(),
  command: z.string(),
  machine: machineFactsSchema.extend({ node: z.string() }),
  runs: z.array(reproRunSchema),
});

export type ReproResult = Readonly<z.infer<typeof reproResultSchema>>;
