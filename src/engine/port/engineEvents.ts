import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { downloadSchema } from './download.js';
import { engineIdentitySchema } from './engineIdentity.js';

/** The schemas of what an engine reports while it is being opened. */
export const engineEventSchemas = [
  /** A step that takes a while, such as making the root or booting. `seconds` is set when it is over; `failed`: the process that did it ended before. */
  z.object({
    type: z.literal('engine-step'),
    step: z.string(),
    state: z.enum(['started', 'finished', 'failed']),
    seconds: z.number().exactOptional(),
  }),
  /** How far what a step downloads has got, at most once a second. */
  downloadSchema.extend({ type: z.literal('engine-download'), step: z.string() }),
  z.object({ type: z.literal('engine-note'), message: z.string() }),
  z.object({ type: z.literal('engine-ready'), identity: engineIdentitySchema, seconds: z.number() }),
] as const;

export type EngineEvent = Immutable<z.infer<(typeof engineEventSchemas)[number]>>;

export type EmitEngine = (event: EngineEvent) => void;
