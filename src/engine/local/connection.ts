import path from 'node:path';
import { homedir } from 'node:os';
import { UsageError } from '../../support/errors.js';
import type { DockerConnection } from '../docker/connection.js';

/** Where the user's own engine is: DOCKER_HOST and its companions, else the default socket. */
export function localConnection(environment: NodeJS.ProcessEnv = process.env): DockerConnection {
  const host = environment['DOCKER_HOST'];
  if (host === undefined || host === '') return { kind: 'socket', socketPath: '/var/run/docker.sock' };
  const url = parse(host);
  if (url.protocol === 'unix:') return { kind: 'socket', socketPath: url.pathname };
  if (url.protocol === 'tcp:' || url.protocol === 'http:' || url.protocol === 'https:') {
    const tls =
      url.protocol === 'https:' || !['', '0', 'false', undefined].includes(environment['DOCKER_TLS_VERIFY']);
    const port = Number(url.port === '' ? (tls ? 2376 : 2375) : url.port);
    const name = url.hostname.replace(/^\[|\]$/g, '');
    if (!tls) return { kind: 'tcp', host: name, port };
    const certificates = environment['DOCKER_CERT_PATH'] ?? path.join(homedir(), '.docker');
    return { kind: 'tls', host: name, port, certificates };
  }
  throw new UsageError(
    `DOCKER_HOST=${host}: expected unix:///path or tcp://host:port, found the scheme ${url.protocol}//`,
  );
}

function parse(host: string): URL {
  try {
    return new URL(host);
  } catch {
    throw new UsageError(`DOCKER_HOST=${host}: expected unix:///path or tcp://host:port`);
  }
}
