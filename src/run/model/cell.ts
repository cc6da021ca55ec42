import type { IptablesFlavour } from '../../contracts/words/nodes.js';

/** Where a job ran, as it was asked for; what was not asked for is undefined. */
export interface Cell {
  /** What `--kernel` named. */
  readonly kernel: string | undefined;
  /** What `--image` named. */
  readonly image: string | undefined;
  /** What `--iptables` named. */
  readonly iptables: IptablesFlavour | undefined;
}
