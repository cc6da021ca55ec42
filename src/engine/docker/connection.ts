import Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import path from 'node:path';

/** How to reach a Docker engine's API. */
export type DockerConnection =
  | { readonly kind: 'socket'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'tls';
      readonly host: string;
      readonly port: number;
      /** Holds ca.pem, cert.pem and key.pem. */
      readonly certificates: string;
    };

/** The value of DOCKER_HOST that means the same. */
export function dockerHost(connection: DockerConnection): string {
  return connection.kind === 'socket'
    ? `unix://${connection.socketPath}`
    : `tcp://${connection.host}:${String(connection.port)}`;
}

/**
 * A dockerode client. Connections are kept for reuse: each TLS handshake costs a tenth of a second under emulation. Keys are
 * given as Buffers, which no debug output prints.
 */
export async function connectDocker(connection: DockerConnection): Promise<Docker> {
  // dockerode lets DOCKER_HOST override a socketPath, unless a host is given too, and takes the protocol from there.
  if (connection.kind === 'socket')
    return new Docker({ socketPath: connection.socketPath, host: '', protocol: 'http' });
  const { host, port } = connection;
  if (connection.kind === 'tcp') return new Docker({ protocol: 'http', host, port });
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(path.join(connection.certificates, name))),
  );
  const tls = { ca, cert, key };
  const agent = new Agent({ keepAlive: true, ...tls });
  // The option exists in docker-modem and is missing from its types.
  return new Docker({ protocol: 'https', host, port, ...tls, agent } as Docker.DockerOptions);
}
