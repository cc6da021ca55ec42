import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { roles } from '../../contracts/words/nodes.js';

/** What nodes.json holds: who the nodes of a lab are. */
export const nodesSchema = z
  .array(
    z.object({
      name: z.string(),
      role: z.enum(roles),
      /** Its own, of both families; the VIP is not among them. */
      addresses: z.array(z.string()),
      /** Of its interfaces. */
      macs: z.array(z.string().toLowerCase()),
    }),
  )
  .min(1);

export type RecordedNode = Immutable<z.infer<typeof nodesSchema>>[number];
