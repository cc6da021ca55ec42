import type Docker from 'dockerode';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { LabError } from '../../support/errors.js';
import { matchShape } from '../../support/parseJson.js';
import { engineIdentitySchema } from '../port/engineIdentity.js';
import { dockerHost } from './connection.js';
import type { DockerConnection } from '../port/dockerConnection.js';
import { bindTestcontainers } from './testcontainers.js';

/** What an engine says about itself. */
export const dockerFactsSchema = engineIdentitySchema.omit({ kind: true, accelerator: true, reason: true });
export type DockerFacts = Immutable<z.infer<typeof dockerFactsSchema>>;

/** Docker's words for it. */
const infoSchema = z.object({
  ID: z.string(),
  ServerVersion: z.string(),
  KernelVersion: z.string(),
  OperatingSystem: z.string(),
  Architecture: z.string(),
  NCPU: z.number(),
  MemTotal: z.number(),
});

/**
 * Points testcontainers at the engine and makes sure that it talks to the same one as dockerode. It finds engines in its own ways
 * (~/.testcontainers.properties, default sockets), and falls back to another one silently.
 */
export async function bindAndIdentify(docker: Docker, connection: DockerConnection): Promise<DockerFacts> {
  const ours = await factsOf(docker);
  const theirs = await factsOf(await bindTestcontainers(connection));
  if (ours.id !== theirs.id || ours.kernel !== theirs.kernel) {
    throw new LabError(
      `the two Docker clients reach different engines: dockerode ${identityText(ours)}, testcontainers ${identityText(theirs)}; expected both at ${dockerHost(connection)}`,
      {
        hint: 'remove `tc.host` and `docker.host` from ~/.testcontainers.properties, and unset TESTCONTAINERS_* variables',
      },
    );
  }
  return ours;
}

/** Asks an engine who it is. Rejects with the client library's error when it cannot be reached, and when it does not say who it is. */
export async function factsOf(docker: Docker): Promise<DockerFacts> {
  const info = matchShape(infoSchema, await docker.info());
  return {
    id: info.ID,
    dockerVersion: info.ServerVersion,
    kernel: info.KernelVersion,
    operatingSystem: info.OperatingSystem,
    architecture: info.Architecture,
    processors: info.NCPU,
    memoryBytes: info.MemTotal,
  };
}

const identityText = (facts: DockerFacts): string => `${facts.id} (kernel ${facts.kernel})`;
