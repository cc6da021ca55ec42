import type { IpvsConnection, Socket } from './evidence.js';
import type { RequestedLoad } from './requestedLoad.js';

/** The virtual services that all connections of a phase go to. */
export interface Service {
  /** Addresses under which the services' packets may be seen: the VIPs, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  readonly ports: readonly number[];
}

/** Where the connections of a phase go. */
interface Targeted {
  readonly asked?: RequestedLoad | undefined;
  readonly vip: string;
  readonly ports: readonly number[];
  readonly targets?: readonly { readonly address: string; readonly port: number }[] | undefined;
}

/** Where connections go, in turn. */
export function targetsOf({ vip, ports, targets }: Targeted): NonNullable<Targeted['targets']> {
  return targets ?? ports.map((port) => ({ address: vip, port }));
}

/** The addresses that clients connect to. */
export function vipsOf({ vip, targets = [] }: Pick<Targeted, 'vip' | 'targets'>): readonly string[] {
  return [...new Set([vip, ...targets.map(({ address }) => address)])];
}

/** Whether an entry of IPVS is one of the services'. */
export function isOfService(entry: EntryEnds, phase: Targeted): boolean {
  const protocol = hasDatagrams(phase) ? 'UDP' : 'TCP';
  return (
    entry.protocol === protocol && vipsOf(phase).includes(entry.vip) && phase.ports.includes(entry.vport)
  );
}

type EntryEnds = Pick<IpvsConnection, 'protocol' | 'vip' | 'vport'>;

/** Whether clients send datagrams, in place of making connections. */
export function hasDatagrams({ asked }: Pick<Targeted, 'asked'>): boolean {
  return asked?.load.datagrams !== undefined;
}

/** Identifies a connection or flow by the client's end, written as `10.0.0.2:40000` or `[fd00::2]:40000`. */
export function clientKey(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Identifies the connection of a socket by the client's end. On the client that is the socket's own end, if the service is its peer. On a
 * node that serves it is the peer, whatever address and port the node itself has after translation, unless that is the service: such a socket
 * is a client's. Undefined for a socket of something else.
 */
export function socketKey(socket: Socket, onClient: boolean, service: Service): string | undefined {
  if (isServer(service, socket.peerAddress, socket.peerPort) !== onClient) return undefined;
  return onClient
    ? clientKey(socket.localAddress, socket.localPort)
    : clientKey(socket.peerAddress, socket.peerPort);
}

/** Whether this address and port belong to the service. */
export function isServer({ servers, ports }: Service, address: string, port: number): boolean {
  return ports.includes(port) && servers.includes(address);
}
