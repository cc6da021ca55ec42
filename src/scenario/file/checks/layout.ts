import { nodesOf, type NodeCounts } from '../../model/nodesOf.js';
import type { Topology } from '../../model/scenario.js';
import { vipNames } from '../../model/virtualServices.js';
import { fromIpvsadm, ipvsadmText } from './fromIpvsadm.js';
import { type AnyMap, isMap } from './anyMap.js';

/** The names of a topology's nodes; undefined when the keys that decide them are invalid. */
export function nodeNames(topology: AnyMap): readonly string[] | undefined {
  const counts = countsOf(topology);
  return counts && nodesOf(counts).map(({ name }) => name);
}

/** The names of the nodes that may serve: the realservers, and the director where it serves too; undefined as for all nodes. */
export function servingNames(topology: AnyMap): readonly string[] | undefined {
  const names = nodeNames(topology)?.filter((name) => name.startsWith('realserver'));
  return names && [...names, ...(topology['local-realserver'] === true ? ['director'] : [])];
}

function countsOf(topology: AnyMap): NodeCounts | undefined {
  const { realservers } = topology;
  if (typeof realservers !== 'number' || !(realservers >= 1 && realservers <= 8)) return undefined;
  return {
    network: layoutOf(topology),
    directors: topology['directors'] === 2 ? 2 : 1,
    realservers: Math.floor(realservers),
  };
}

/** The names of a topology's VIPs; an invalid number counts as left out. */
export function vipsOf({ vips }: AnyMap): readonly string[] {
  return vipNames({ vips: typeof vips === 'number' ? vips : 1 });
}

/** The layout of the networks: whether the client has one of its own. An invalid word counts as left out. */
export function layoutOf(topology: AnyMap): Topology['network'] {
  const { network } = topology;
  if (network === 'flat' || network === 'routed') return network;
  // Behind address translation a client on the servers' network would be answered past the director.
  return hasNat(topology) ? 'routed' : 'flat';
}

/** Whether any realserver is reached by address translation. */
export function hasNat(topology: AnyMap): boolean {
  const text = ipvsadmText(topology);
  if (text !== undefined)
    return fromIpvsadm(text, topology).services.some(
      ({ realservers }) => realservers?.some(({ forwarding }) => forwarding === 'nat') === true,
    );
  if (topology['forwarding'] === 'nat') return true;
  return servicesIn(topology['services']).some((service) =>
    destinationsIn(service).some(([, destination]) => destination['forwarding'] === 'nat'),
  );
}

/** The services of a topology; an invalid one is empty. */
export function servicesIn(services: unknown): readonly AnyMap[] {
  if (!Array.isArray(services)) return [];
  return services.map((service: unknown) => (isMap(service) ? service : {}));
}

/** A service's realservers that it names, each with what it says of it. */
export function destinationsIn({ realservers }: AnyMap): readonly (readonly [string, AnyMap])[] {
  if (!isMap(realservers)) return [];
  return Object.entries(realservers).map(([name, one]) => [name, isMap(one) ? one : {}]);
}
