import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** The name of the file that a copy of a kept control run has beside its evidence. */
export const keptFile = 'kept.json';

/** The contents of kept.json: where the control run was kept of which this is a copy. */
export const keptControlSchema = z.object({
  /** The key of the shape of the saved lab that it was kept with. */
  lab: z.string(),
});

export type KeptControl = Immutable<z.infer<typeof keptControlSchema>>;
