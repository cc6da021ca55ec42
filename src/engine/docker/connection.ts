import Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import path from 'node:path';
import { certificateFiles, type DockerConnection } from '../port/dockerConnection.js';

/** The value of DOCKER_HOST for a connection. */
export function dockerHost(connection: DockerConnection): string {
  return connection.kind === 'socket'
    ? `unix://${connection.socketPath}`
    : `tcp://${connection.host}:${String(connection.port)}`;
}

/**
 * Makes a dockerode client. Over TLS, connections are kept for reuse, because a handshake takes long, and keys are passed as Buffers, which no
 * debug output prints.
 */
export async function connectDocker(connection: DockerConnection): Promise<Docker> {
  if (connection.kind === 'socket') {
    return withoutEnvironment({ socketPath: connection.socketPath, host: '', protocol: 'http' });
  }
  const { host, port } = connection;
  if (connection.kind === 'tcp') return withoutEnvironment({ protocol: 'http', host, port });
  const [ca, cert, key] = await Promise.all(
    certificateFiles.map((name) => readFile(path.join(connection.certificates, name))),
  );
  const tls = { ca, cert, key };
  const agent = new Agent({ keepAlive: true, ...tls });
  // The option exists in docker-modem and is missing from its types.
  return withoutEnvironment({ protocol: 'https', host, port, ...tls, agent } as Docker.DockerOptions);
}

/** Makes a dockerode client of an agent that knows by itself where its connections lead. */
export function dockerOverAgent(agent: HttpAgent): Docker {
  // The host is in the requests' headers only. A time-out that the environment asks for is for sockets.
  const options = { protocol: 'http', host: 'localhost', timeout: 0, agent };
  return withoutEnvironment(options as Docker.DockerOptions);
}

const variables = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;

/** Makes a client without the environment variables that dockerode always reads: they override some options, and wrong ones make it throw. */
function withoutEnvironment(options: Docker.DockerOptions): Docker {
  const kept = variables.map((name) => [name, process.env[name]] as const);
  for (const name of variables) Reflect.deleteProperty(process.env, name);
  try {
    return new Docker(options);
  } finally {
    for (const [name, value] of kept) if (value !== undefined) process.env[name] = value;
  }
}
