import type { NodeEvidence } from '../../../evidence/model/evidence.js';
import type { Blame } from '../../model/verdict.js';

/** A cause that no rule is, with the sentences that show it. */
export interface OtherCause {
  readonly blame: Blame;
  readonly because: readonly string[];
}

/** The node that is to blame, and its role. */
export const named = (node: NodeEvidence | undefined): Pick<Blame, 'node' | 'role'> =>
  node === undefined ? {} : { node: node.name, role: node.role };
