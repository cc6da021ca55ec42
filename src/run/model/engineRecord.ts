import type { EngineIdentity } from '../../engine/port/engineIdentity.js';
import type { Provenance } from '../../evidence/model/provenance.js';

/** An engine that jobs ran on, and what its labs were made of. */
export interface EngineRecord {
  /** The kernel and image that `--kernel` and `--image` named; undefined: none. Cells of the jobs on this engine name the same. */
  readonly kernel: string | undefined;
  readonly image: string | undefined;
  readonly identity: EngineIdentity;
  /** What its labs were made of; undefined: no lab was made. */
  readonly provenance: Provenance | undefined;
}
