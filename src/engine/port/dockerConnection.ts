import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** What a folder of `docker`'s certificates holds: the authority's, the client's own, and its key. */
export const certificateFiles = ['ca.pem', 'cert.pem', 'key.pem'] as const;

/** How to reach a Docker engine's API. */
export const dockerConnectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), socketPath: z.string() }),
  z.object({ kind: z.literal('tcp'), host: z.string(), port: z.number() }),
  z.object({
    kind: z.literal('tls'),
    host: z.string(),
    port: z.number(),
    /** A folder with `certificateFiles`. */
    certificates: z.string(),
  }),
]);
export type DockerConnection = Immutable<z.infer<typeof dockerConnectionSchema>>;
