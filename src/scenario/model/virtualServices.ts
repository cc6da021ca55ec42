import type { Load } from '../../contracts/agents/load.js';
import type { Forwarding, Protocol } from '../../contracts/words/network.js';
import { servingNodes } from './nodesOf.js';
import type { Destination, Topology, VirtualService } from './scenario.js';

/** The most VIPs that a topology may have. */
export const mostVips = 4;

/** A destination with all that it has by itself. */
export interface ResolvedDestination {
  readonly node: string;
  readonly weight: number;
  readonly forwarding: Forwarding;
  /** The port that packets come to it by. */
  readonly port: number;
}

type Served = Pick<Topology, 'forwarding' | 'network' | 'directors' | 'realservers' | 'localRealserver'>;

/** A service's realservers; `director` is whichever director forwards to itself. */
export function destinationsOf(
  { realservers, realserverPort, port }: VirtualService,
  topology: Served,
): readonly ResolvedDestination[] {
  const named: readonly Destination[] = realservers ?? allDestinations(topology);
  return named.map((one) => ({
    node: one.node,
    weight: one.weight ?? 1,
    forwarding: one.forwarding ?? topology.forwarding,
    port: one.port ?? realserverPort ?? port,
  }));
}

/** All nodes that serve, as a service has them that names none. */
function allDestinations(topology: Served): readonly Destination[] {
  const realservers = servingNodes({ ...topology, localRealserver: false });
  return [...(topology.localRealserver ? ['director'] : []), ...realservers].map((node) => ({ node }));
}

/** How packets of any service are forwarded to a node. */
export function forwardingsTo(node: string, topology: Topology): ReadonlySet<Forwarding> {
  const all = topology.services.flatMap((service) => destinationsOf(service, topology));
  const own = all.filter((one) => one.node === node).map(({ forwarding }) => forwarding);
  // A node of no service waits for one, as the topology would have it.
  return new Set(own.length === 0 ? [topology.forwarding] : own);
}

/** How packets of any service are forwarded to any realserver. */
export function allForwardings(topology: Topology): ReadonlySet<Forwarding> {
  const realservers = servingNodes({ ...topology, localRealserver: false });
  return new Set(realservers.flatMap((node) => [...forwardingsTo(node, topology)]));
}

/** The ports that clients of a service connect to: its own, and of a range the first and the last. */
export function clientPorts({ port, lastPort }: VirtualService): readonly number[] {
  return lastPort === undefined ? [port] : [port, lastPort];
}

/** How `load.to` names a service: by its port `80`, by VIP and port `vip2:80`, a range as `8000-8010`, UDP as `53/udp`. */
export function serviceName({ port, lastPort, vip = 1, protocol }: VirtualService): string {
  const ports = lastPort === undefined ? String(port) : `${port}-${lastPort}`;
  const name = vip === 1 ? ports : `${vipName(vip)}:${ports}`;
  return protocol === undefined ? name : `${name}/${protocol}`;
}

/** The services that clients connect to, in turn. */
export function servicesUsed(
  { services }: Pick<Topology, 'services'>,
  { to, datagrams }: Pick<Load, 'to' | 'datagrams'>,
): readonly VirtualService[] {
  if (to === undefined)
    return services.filter(({ protocol }) => (protocol === 'udp') === (datagrams !== undefined));
  return to.flatMap((name) => services.filter((service) => serviceName(service) === name));
}

/** The ports that nodes listen on for a topology's services of a protocol, each once. */
export function servedPorts(
  topology: Served & Pick<Topology, 'services'>,
  protocol: Protocol = 'tcp',
): readonly number[] {
  const services = topology.services.filter((one) => (one.protocol ?? 'tcp') === protocol);
  const all = services.flatMap((service) => {
    const ends = clientPorts(service);
    // What is marked keeps its port.
    return service.fwmark === undefined ? destinationsOf(service, topology).map(({ port }) => port) : ends;
  });
  return [...new Set(all)];
}

/** The name of a VIP by its number, as keys and placeholders have it: `vip`, `vip2`. */
export function vipName(number: number): string {
  return number === 1 ? 'vip' : `vip${number}`;
}

/** How many VIPs a topology has. */
export function vipNames({ vips = 1 }: Pick<Topology, 'vips'>): readonly string[] {
  return Array.from({ length: vips }, (_, index) => vipName(index + 1));
}
