import type { ConntrackState } from '../../prediction/model/filter.js';
import type { Draft } from '../model/draft.js';
import type { AdmittedPackets } from '../model/admittedPackets.js';

/** Where packets end that should not: a rule, or the policy of a chain. */
export interface Obstruction {
  readonly line: number;
  /** The chain that the kernel called: `filter INPUT`, `inet filter input`. */
  readonly chain: string;
  /** Where a rule goes that is to come before it: before its line, or, where it is a policy, at an end of the chain. */
  readonly place: 'before' | 'end' | 'start';
}

/** Packets to let through, and the rule that says for whom the service is. */
export interface Admission {
  readonly wanted: readonly AdmittedPackets[];
  /** Lines with rules that accept the service already, of which the rule takes over who may come and from where. */
  readonly templates: readonly number[];
}

/** Changes of a text in the language that it is written in; undefined: this text cannot be changed so. */
export interface Language {
  /** Rules before the obstruction that let packets through. */
  readonly admit: (draft: Draft, at: Obstruction, admission: Admission) => Draft | undefined;
  /** Rules before the obstruction that send packets past it only as far as those behind it accept them. */
  readonly exempt: (draft: Draft, line: number, vip: string) => Draft | undefined;
  /** A rule without its question for a state. */
  readonly withoutState: (draft: Draft, line: number) => Draft | undefined;
  /** A rule that takes packets in more states. */
  readonly withStates: (draft: Draft, line: number, states: readonly ConntrackState[]) => Draft | undefined;
  /** A rule in another place: before the line `before`, in the same chain. */
  readonly moved: (draft: Draft, line: number, before: number) => Draft | undefined;
  /** Packets that conntrack is to leave alone. */
  readonly untracked: (draft: Draft, wanted: readonly AdmittedPackets[]) => Draft | undefined;
}
