import type { NameKind } from '../../model/nameKind.js';

/** Something that a rule asks for and a node does not have. */
export interface UnmatchedTerm {
  readonly kind: NameKind;
  /** The name as the rule writes it. */
  readonly name: string;
  /**
   * Effect on the rule: `cannot` never matches; `always` (negated) always matches; `unknown` only a run can tell; `partly` other items of
   * the list exist; `unmade` nobody creates the set; `target` packets are sent to it.
   */
  readonly how: 'cannot' | 'always' | 'unknown' | 'partly' | 'unmade' | 'target';
}
