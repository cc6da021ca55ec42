import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** The contents of trace.json: what was traced. */
export const traceSchema = z.object({
  connections: z.number().int().nonnegative(),
  /** Names of the nodes that were traced; each has a `.trace`. */
  nodes: z.array(z.string().regex(/^[\w-]+$/)),
  /** Why the trace may be incomplete, as one sentence each. */
  problems: z.array(z.string()),
});

export type TraceRecord = Immutable<z.infer<typeof traceSchema>>;
