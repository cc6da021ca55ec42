import type { NameKind } from './nameKind.js';
import type { Place } from './place.js';

/** A name in a scenario's rules, sets, commands or sysctls that its lab does not have. */
export interface UnmatchedName {
  readonly kind: NameKind | 'sysctl' | 'family' | 'port' | 'table';
  /** The name as the file writes it. */
  readonly name: string;
  /** Where the name occurs first. */
  readonly place: Place;
  /** Other lines of the same file that name it. */
  readonly lines: readonly number[];
  /** What is wrong, as one sentence without the place. */
  readonly message: string;
  /** Whether a verdict may depend on it, because of a rule that decides about packets of the service. */
  readonly counts: boolean;
}
