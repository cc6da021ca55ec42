import { isIP } from 'node:net';
import { UsageError } from '../../support/errors.js';
import type { DockerConnection } from '../port/dockerConnection.js';

/** A host that is logged in to by `ssh`, on which the `docker` command leads to the engine. */
export interface SshHost {
  readonly kind: 'ssh';
  readonly host: string;
  /** Undefined: as ssh's own configuration has it. */
  readonly user: string | undefined;
  readonly port: number | undefined;
  /** The engine's socket over there; undefined: the usual one. */
  readonly socketPath: string | undefined;
}

/** Where an engine is, and how it is called in messages. */
export interface DockerEndpoint {
  readonly name: string;
  readonly reach: DockerConnection | SshHost;
}

/** What TLS takes: the folder of the certificates; undefined: none, unless the address asks for it. */
export interface TlsWish {
  readonly wanted: boolean;
  readonly certificates: string;
}

/**
 * Reads an address as the docker command has it in DOCKER_HOST and in contexts: unix:///PATH, tcp://HOST[:PORT] (also http and https), or
 * ssh://[USER@]HOST[:PORT][/PATH]. Throws UsageError that begins with `source`, which says where the address stands.
 */
export function reachOf(address: string, source: string, tls: TlsWish): DockerEndpoint['reach'] {
  // Taken as it stands: a path is not percent-encoded here.
  const socketPath = /^unix:\/\/(\/.*)$/.exec(address)?.[1];
  if (socketPath !== undefined) return { kind: 'socket', socketPath };
  const expected = `${source}: expected unix:///path, tcp://host:port or ssh://user@host`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'unix') throw new UsageError(`${expected}, found no absolute path`);
  if (scheme !== undefined && !['tcp', 'http', 'https', 'ssh'].includes(scheme))
    throw new UsageError(`${expected}, found the scheme ${scheme}://`);
  // URL drops the port 80 of http://host:80 as being the usual one; of tcp it knows none.
  const plain = address.replace(/^[^:]+/, 'tcp');
  const url = scheme !== undefined && URL.canParse(plain) ? new URL(plain) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (url === undefined || host === '') throw new UsageError(expected);
  const port = url.port === '' ? undefined : Number(url.port);
  if (scheme === 'ssh') return sshHost(url, host, port, expected);
  if (scheme === 'https' || tls.wanted)
    return { kind: 'tls', host, port: port ?? 2376, certificates: tls.certificates };
  return { kind: 'tcp', host, port: port ?? 2375 };
}

function sshHost(url: URL, host: string, port: number | undefined, expected: string): SshHost {
  if (url.password !== '')
    throw new UsageError(`${expected}, found a password`, {
      hint: 'log in with a key: ssh asks nobody here',
    });
  if (url.search !== '' || url.hash !== '')
    throw new UsageError(`${expected}, found \`${url.search}${url.hash}\` behind it`);
  const user = decodeURIComponent(url.username);
  // ssh would take it for an option.
  if (host.startsWith('-') || user.startsWith('-'))
    throw new UsageError(`${expected}, found a name that begins with a dash`);
  const socketPath = decodeURIComponent(url.pathname);
  return {
    ...{ kind: 'ssh', host, port },
    user: user === '' ? undefined : user,
    socketPath: socketPath === '' || socketPath === '/' ? undefined : socketPath,
  };
}

/** Whether an engine is on another machine, as far as its address tells. */
export function isRemote({ reach }: DockerEndpoint): boolean {
  if (reach.kind === 'socket') return false;
  const { host } = reach;
  return !(host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')));
}
