import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** How to reach a Docker engine's API. */
export const dockerConnectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), socketPath: z.string() }),
  z.object({ kind: z.literal('tcp'), host: z.string(), port: z.number() }),
  z.object({
    kind: z.literal('tls'),
    host: z.string(),
    port: z.number(),
    /** A folder with ca.pem, cert.pem and key.pem. */
    certificates: z.string(),
  }),
]);
export type DockerConnection = Immutable<z.infer<typeof dockerConnectionSchema>>;
