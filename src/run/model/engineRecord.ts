import type { EngineIdentity } from '../../engine/port/port.js';
import type { Provenance } from '../../evidence/model/provenance.js';

/** An engine that jobs ran on. */
export interface EngineRecord {
  /** What `--kernel` and `--image` named; undefined: nothing. The cells of the jobs that ran on it name the same. */
  readonly kernel: string | undefined;
  readonly image: string | undefined;
  readonly identity: EngineIdentity;
  /** Undefined: no lab was made on it. */
  readonly provenance: Provenance | undefined;
}
