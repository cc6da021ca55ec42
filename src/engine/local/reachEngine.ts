import type Docker from 'dockerode';
import { messageOf } from '../../support/errors.js';
import { connectDocker } from '../docker/connection.js';
import type { DockerConnection } from '../port/dockerConnection.js';
import { isRemote, type DockerEndpoint } from './dockerEndpoint.js';
import { openSshTunnel } from './sshTunnel.js';

/** A client of the user's own engine. Disposing of it ends what leads there. */
export interface ReachedEngine extends AsyncDisposable {
  readonly docker: Docker;
  /** How other clients of this user reach it, as long as this is not disposed of. */
  readonly connection: DockerConnection;
  /** What an error of the client means, with what the way there had to complain of. */
  readonly reason: (error: unknown) => string;
}

/** Makes a client of an engine, which asks nothing of it yet. Rejects with the system's error where certificates cannot be read. */
export async function reachEngine({ reach }: DockerEndpoint): Promise<ReachedEngine> {
  if (reach.kind !== 'ssh') {
    const docker = await connectDocker(reach);
    return {
      ...{ docker, connection: reach, reason: (error) => messageOf(error).trim() },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const tunnel = await openSshTunnel(reach);
  const connection: DockerConnection = { kind: 'socket', socketPath: tunnel.socketPath };
  return {
    docker: await connectDocker(connection),
    connection,
    reason: (error) => {
      const complaint = tunnel.complaint();
      return complaint === '' ? messageOf(error).trim() : `ssh says: ${complaint}`;
    },
    [Symbol.asyncDispose]: () => tunnel[Symbol.asyncDispose](),
  };
}

/** An engine's name in messages: its address, its context, and whether it is on another machine. */
export function endpointText(endpoint: DockerEndpoint): string {
  return isRemote(endpoint) ? `${endpoint.name} on another machine` : endpoint.name;
}
