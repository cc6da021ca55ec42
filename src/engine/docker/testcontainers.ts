import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { dockerHost } from './connection.js';
import type { DockerConnection } from '../port/dockerConnection.js';

let bound: string | undefined;

/**
 * Sets the environment that testcontainers reads, and returns its Docker client. testcontainers keeps one engine for the life of the
 * process, so a different second one is refused. Its reaper is off, because it needs an image that a lab without a registry does not have:
 * labels, `lvs-lab clean` and a VM's end do its work.
 */
export async function bindTestcontainers(connection: DockerConnection): Promise<Docker> {
  const host = dockerHost(connection);
  if (bound !== undefined && bound !== host) {
    throw new LabError(`this process already uses the engine at ${bound} and cannot use ${host} as well`);
  }
  bound = host;
  Object.assign(process.env, {
    DOCKER_HOST: host,
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    // Only mapped ports need the engine's host, and the lab has none. Left to itself, testcontainers looks for it through
    // the default bridge, which an engine may lack, or with an image that it would have to pull.
    TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
  });
  if (connection.kind === 'tls') {
    Object.assign(process.env, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: connection.certificates });
  } else {
    delete process.env['DOCKER_TLS_VERIFY'];
    delete process.env['DOCKER_CERT_PATH'];
  }
  const { getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient().catch((error: unknown) => {
    throw new LabError(`testcontainers cannot use the engine at ${host}`, { cause: error });
  });
  return (client.container as unknown as { readonly dockerode: Docker }).dockerode;
}
