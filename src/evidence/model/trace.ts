import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** What trace.json holds: what was traced. */
export const traceSchema = z.object({
  connections: z.number().int().nonnegative(),
  /** Names of the nodes, each of which has a `.trace`. */
  nodes: z.array(z.string().regex(/^[\w-]+$/)),
  /** Why it may not be whole; one sentence each. */
  problems: z.array(z.string()),
});

export type TraceRecord = Immutable<z.infer<typeof traceSchema>>;
