import type { IptablesFlavour } from '../../contracts/words/nodes.js';

/** What a job was asked to run on; undefined: the user named nothing. */
export interface Cell {
  /** The kernel that `--kernel` named. */
  readonly kernel: string | undefined;
  /** The image that `--image` named. */
  readonly image: string | undefined;
  /** The flavour that `--iptables` named. */
  readonly iptables: IptablesFlavour | undefined;
}
