import * as z from 'zod';
import { toolOutcomeSchema } from './toolOutcome.js';

/** A file in results/: the figures of one `npm run bench:load`, and what they were measured on. */
export const loadResultSchema = z.object({
  /** When, in ISO 8601. */
  at: z.string(),
  command: z.string(),
  /** And what the client's place has to say of itself. */
  machine: z.looseObject({
    processor: z.string(),
    processors: z.number(),
    memoryGiB: z.number(),
    kernel: z.string(),
    /** Of Node and of each tool; `missing`: it is not installed. */
    versions: z.record(z.string(), z.string()),
  }),
  work: z.object({
    connections: z.number(),
    seconds: z.number(),
    /** Older files do not say it. */
    floodSeconds: z.number().optional(),
    concurrency: z.number(),
    runs: z.number(),
  }),
  outcomes: z.array(toolOutcomeSchema),
  ratios: z.record(z.string(), z.number()),
});

export type LoadResult = z.infer<typeof loadResultSchema>;
