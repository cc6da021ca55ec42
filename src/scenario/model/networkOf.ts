import type { Forwarding } from '../../contracts/words/network.js';
import type { Topology } from './scenario.js';

/** The network layout of a topology: the one it names, else the one that its forwarding method uses by default. */
export function networkOf(topology: {
  readonly forwarding: Forwarding;
  readonly network?: Topology['network'] | undefined;
}): Topology['network'] {
  return topology.network ?? (topology.forwarding === 'nat' ? 'routed' : 'flat');
}
