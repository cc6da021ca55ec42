import type { Socket } from './types.js';

/** The virtual service that all connections of a phase go to. */
export interface Service {
  readonly vip: string;
  readonly port: number;
}

/** Names a connection to the service by its client's end: `address:port`. */
export function flowKey(address: string, port: number): string {
  return `${address}:${port}`;
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
  if (ends.destination === service.vip && ends.destinationPort === service.port) {
    return { key: flowKey(ends.source, ends.sourcePort), fromClient: true };
  }
  if (ends.source === service.vip && ends.sourcePort === service.port) {
    return { key: flowKey(ends.destination, ends.destinationPort), fromClient: false };
  }
  return undefined;
}

/** Which connection of the service a socket is an end of: the client's end or the realserver's; undefined for other sockets. */
export function socketFlow(socket: Socket, service: Service): string | undefined {
  const ends = {
    source: socket.localAddress,
    sourcePort: socket.localPort,
    destination: socket.peerAddress,
    destinationPort: socket.peerPort,
  };
  return flowOf(ends, service)?.key;
}
