import path from 'node:path';
import { homedir } from 'node:os';
import { currentContext, readContext } from './dockerContext.js';
import { reachOf, type DockerEndpoint } from './dockerEndpoint.js';

/**
 * Where the user's own engine is, as the docker command finds it: DOCKER_HOST and its companions, else the context that DOCKER_CONTEXT or
 * `docker context use` names, else the default socket. Rejects with LabError or UsageError that says which of them is wrong.
 */
export async function localEndpoint(environment: NodeJS.ProcessEnv = process.env): Promise<DockerEndpoint> {
  const said = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name];
  const folder = said('DOCKER_CONFIG') ?? path.join(homedir(), '.docker');
  const host = said('DOCKER_HOST');
  if (host !== undefined) {
    const certificates = said('DOCKER_CERT_PATH') ?? folder;
    const wanted = !['0', 'false', undefined].includes(said('DOCKER_TLS_VERIFY'));
    return { name: host, reach: reachOf(host, `DOCKER_HOST=${host}`, { wanted, certificates }) };
  }
  const variable = said('DOCKER_CONTEXT');
  const context = variable ?? (await currentContext(folder));
  if (context === undefined || context === '' || context === 'default') return usual;
  const source = variable === undefined ? path.join(folder, 'config.json') : 'DOCKER_CONTEXT';
  return readContext(folder, context, source);
}

const socketPath = '/var/run/docker.sock';
const usual: DockerEndpoint = { name: `unix://${socketPath}`, reach: { kind: 'socket', socketPath } };
