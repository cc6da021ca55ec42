import { networkOf } from '../../model/networkOf.js';
import { nodesOf } from '../../model/nodesOf.js';
import type { Topology } from '../../model/scenario.js';
import type { AnyMap } from './values.js';

/** The names of a topology's nodes; undefined when the keys that decide them are invalid. */
export function nodeNames(topology: AnyMap): readonly string[] | undefined {
  const { realservers } = topology;
  if (typeof realservers !== 'number' || !(realservers >= 1 && realservers <= 8)) return undefined;
  const layout = {
    network: layoutOf(topology),
    directors: topology['directors'] === 2 ? 2 : 1,
    realservers: Math.floor(realservers),
  } as const;
  return nodesOf(layout).map(({ name }) => name);
}

/** The layout of the networks: whether the client has one of its own. An invalid word counts as left out. */
export function layoutOf({ forwarding, network }: AnyMap): Topology['network'] {
  return networkOf({
    forwarding: forwarding === 'nat' ? 'nat' : 'dr',
    network: network === 'flat' || network === 'routed' ? network : undefined,
  });
}
