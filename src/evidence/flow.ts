import type { Socket } from './types.js';

/** The virtual services that all connections of a phase go to. */
export interface Service {
  /** Addresses at which their packets may be seen: the VIP, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  readonly ports: readonly number[];
}

/** Names a connection to the service by its client's end: `10.0.0.2:40000`, `[fd00::2]:40000`. */
export function flowKey(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Ends {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** Which connection of the service a segment or a quoted header belongs to, and its direction; undefined for other traffic. */
export function flowOf(
  ends: Ends,
  service: Service,
): { readonly key: string; readonly fromClient: boolean } | undefined {
  if (isServer(service, ends.destination, ends.destinationPort)) {
    return { key: flowKey(ends.source, ends.sourcePort), fromClient: true };
  }
  if (isServer(service, ends.source, ends.sourcePort)) {
    return { key: flowKey(ends.destination, ends.destinationPort), fromClient: false };
  }
  return undefined;
}

/** Which connection of the service a socket is an end of: the client's end or the server's; undefined for other sockets. */
export function socketFlow(socket: Socket, service: Service): string | undefined {
  const ends = {
    source: socket.localAddress,
    sourcePort: socket.localPort,
    destination: socket.peerAddress,
    destinationPort: socket.peerPort,
  };
  return flowOf(ends, service)?.key;
}

function isServer({ servers, ports }: Service, address: string, port: number): boolean {
  return ports.includes(port) && servers.includes(address);
}
