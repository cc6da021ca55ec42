import type { Place } from './place.js';

/** Something that a scenario's rules, sets, commands or sysctls name, and that its lab does not have. */
export interface Unmatched {
  readonly kind: 'interface' | 'address' | 'mark' | 'user' | 'set' | 'sysctl' | 'family' | 'port';
  /** As the file calls it. */
  readonly name: string;
  /** Where it is named first. */
  readonly place: Place;
  /** Other lines of the same file that name it. */
  readonly lines: readonly number[];
  /** One sentence, without the place. */
  readonly message: string;
  /** Whether a verdict may depend on it: a rule that decides about packets of the service hangs on it. */
  readonly counts: boolean;
}
