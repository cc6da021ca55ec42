import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { roles } from '../../contracts/words/nodes.js';

/** The contents of nodes.json: the nodes of a lab. */
export const nodesSchema = z
  .array(
    z.object({
      name: z.string(),
      role: z.enum(roles),
      /** The node's own addresses, of both families, without the VIP. */
      addresses: z.array(z.string()),
      /** The MAC addresses of its interfaces. */
      macs: z.array(z.string().toLowerCase()),
    }),
  )
  .min(1);

export type RecordedNode = Immutable<z.infer<typeof nodesSchema>>[number];
