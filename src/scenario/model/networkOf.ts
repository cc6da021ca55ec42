import type { Topology } from './scenario.js';

/** The network layout of a topology: the one it names, else the one that address translation needs. */
export function networkOf({
  hasNat,
  network,
}: {
  /** Whether any realserver is reached by address translation. */
  readonly hasNat: boolean;
  readonly network?: Topology['network'] | undefined;
}): Topology['network'] {
  return network ?? (hasNat ? 'routed' : 'flat');
}
