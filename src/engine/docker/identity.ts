import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { dockerHost } from './connection.js';
import type { DockerConnection } from '../port/port.js';
import { bindTestcontainers } from './testcontainers.js';

/** What an engine says about itself. */
export interface DockerFacts {
  readonly id: string;
  readonly dockerVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly architecture: string;
  readonly processors: number;
  readonly memoryBytes: number;
}

/**
 * Points testcontainers at the engine and makes sure that it talks to the same one as dockerode. It finds engines in its own ways
 * (~/.testcontainers.properties, default sockets), and falls back to another one silently.
 */
export async function bindAndIdentify(docker: Docker, connection: DockerConnection): Promise<DockerFacts> {
  const ours = await factsOf(docker);
  const theirs = await factsOf(await bindTestcontainers(connection));
  if (ours.id !== theirs.id || ours.kernel !== theirs.kernel) {
    throw new LabError(
      `the two Docker clients reach different engines: dockerode ${describe(ours)}, testcontainers ${describe(theirs)}; expected both at ${dockerHost(connection)}`,
      {
        hint: 'remove `tc.host` and `docker.host` from ~/.testcontainers.properties, and unset TESTCONTAINERS_* variables',
      },
    );
  }
  return ours;
}

/** Asks an engine who it is. Rejects with the client library's error when it cannot be reached. */
export async function factsOf(docker: Docker): Promise<DockerFacts> {
  const info = (await docker.info()) as Readonly<Record<string, unknown>>;
  return {
    id: String(info['ID']),
    dockerVersion: String(info['ServerVersion']),
    kernel: String(info['KernelVersion']),
    operatingSystem: String(info['OperatingSystem']),
    architecture: String(info['Architecture']),
    processors: Number(info['NCPU']),
    memoryBytes: Number(info['MemTotal']),
  };
}

const describe = (facts: DockerFacts): string => `${facts.id} (kernel ${facts.kernel})`;
