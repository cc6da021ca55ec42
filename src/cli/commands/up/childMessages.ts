import { z } from 'zod';
import type { Immutable } from '../../../contracts/immutable.js';
import { labEventSchema } from '../../../run/model/labEvents.js';
import { heldLabSchema } from './heldLab.js';

/** Messages of the process that holds a lab to the one that started it, until the lab is up or has failed to come up. */
export const holderMessageSchema = z.discriminatedUnion('kind', [
  // Errors cross as errors: the channel is not of JSON.
  z.object({ kind: z.literal('event'), event: labEventSchema(z.instanceof(Error)) }),
  z.object({ kind: z.literal('ready'), held: heldLabSchema }),
  /** `text`: the error as the user is to see it. */
  z.object({ kind: z.literal('failed'), text: z.string(), exitCode: z.number() }),
]);
export type HolderMessage = Immutable<z.infer<typeof holderMessageSchema>>;
