import type { Forwarding } from '../../contracts/words/network.js';
import type { Topology } from './types.js';

/** The networks of a topology: what it says, or what its forwarding method takes when it says nothing. */
export function networkOf(topology: {
  readonly forwarding: Forwarding;
  readonly network?: Topology['network'] | undefined;
}): Topology['network'] {
  return topology.network ?? (topology.forwarding === 'nat' ? 'routed' : 'flat');
}
