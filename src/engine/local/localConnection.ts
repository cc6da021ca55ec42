import path from 'node:path';
import { homedir } from 'node:os';
import { UsageError } from '../../support/errors.js';
import type { DockerConnection } from '../port/dockerConnection.js';

/** How to reach the user's own engine: by DOCKER_HOST and its companions, else by the default socket. */
export function localConnection(environment: NodeJS.ProcessEnv = process.env): DockerConnection {
  const host = environment['DOCKER_HOST'];
  if (host === undefined || host === '') return { kind: 'socket', socketPath: '/var/run/docker.sock' };
  // Taken as it stands: a path is not percent-encoded here.
  const socketPath = /^unix:\/\/(\/.*)$/.exec(host)?.[1];
  if (socketPath !== undefined) return { kind: 'socket', socketPath };
  const { scheme, name, port } = parse(host);
  const tls = scheme === 'https' || !['', '0', 'false', undefined].includes(environment['DOCKER_TLS_VERIFY']);
  if (!tls) return { kind: 'tcp', host: name, port: port ?? 2375 };
  const folder = environment['DOCKER_CERT_PATH'];
  const certificates = folder === undefined || folder === '' ? path.join(homedir(), '.docker') : folder;
  return { kind: 'tls', host: name, port: port ?? 2376, certificates };
}

/** Reads the value of DOCKER_HOST. Throws UsageError unless it is `tcp://`, `http://` or `https://` with a host. */
function parse(host: string): {
  readonly scheme: string;
  readonly name: string;
  readonly port: number | undefined;
} {
  const expected = `DOCKER_HOST=${host}: expected unix:///path or tcp://host:port`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(host)?.[1]?.toLowerCase();
  if (scheme !== undefined && !['tcp', 'http', 'https'].includes(scheme))
    throw new UsageError(
      scheme === 'unix'
        ? `${expected}, found no absolute path`
        : `${expected}, found the scheme ${scheme}://`,
    );
  // URL drops the port 80 of http://host:80 as being the usual one; of tcp it knows none.
  const tcp = host.replace(/^[^:]+/, 'tcp');
  const url = URL.canParse(tcp) ? new URL(tcp) : undefined;
  if (scheme === undefined || url === undefined || url.hostname === '') throw new UsageError(expected);
  return {
    scheme,
    name: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
  };
}
