import type { Socket } from './types.js';

/** The virtual services that all connections of a phase go to. */
export interface Service {
  /** Addresses at which their packets may be seen: the VIP, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  readonly ports: readonly number[];
}

/** Writes the client's end of a connection or flow, by which it is known: `10.0.0.2:40000`, `[fd00::2]:40000`. */
export function clientKey(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Names the connection that a socket is an end of, by the client's end: on the client that is the socket's own, if the service is its peer;
 * on a node that serves it is the peer, whatever address and port of its own the node has translated the service's to. Undefined for
 * sockets of something else.
 */
export function socketKey(socket: Socket, onClient: boolean, service: Service): string | undefined {
  if (!onClient) return clientKey(socket.peerAddress, socket.peerPort);
  if (!isServer(service, socket.peerAddress, socket.peerPort)) return undefined;
  return clientKey(socket.localAddress, socket.localPort);
}

/** Whether this address and port are the service's. */
export function isServer({ servers, ports }: Service, address: string, port: number): boolean {
  return ports.includes(port) && servers.includes(address);
}
