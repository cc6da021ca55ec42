import type { Family } from '../../../contracts/words/network.js';
import type { Hook } from '../../../contracts/words/rules.js';
import type { NameKind } from '../../model/nameKind.js';
import type { PortRange, PortSide } from '../../syntax/ports.js';
import type { MarkOwner, Side } from '../../syntax/subject.js';

/** What each kind of condition asks, by its kind. */
interface Conditions extends Record<NameKind, object> {
  /** `names` may end in `*`; `way` is `bridge` where a bridge's port is meant, of which the nodes have none. */
  readonly interface: { readonly way: 'in' | 'out' | 'bridge'; readonly names: readonly string[] };
  /** Addresses, networks and ranges (`a-b`), as they are written. */
  readonly address: { readonly side: Side; readonly ranges: readonly string[] };
  readonly protocol: { readonly names: readonly string[] };
  readonly ports: {
    readonly side: PortSide;
    readonly ranges: readonly PortRange[];
  };
  readonly mark: { readonly of: MarkOwner; readonly value: number; readonly mask: number };
  /** A named set; the sides are those of the parts of its elements. */
  readonly set: { readonly name: string; readonly sides: readonly Side[] };
  /** A concatenation: the conditions of one of these hold. */
  readonly tuples: { readonly tuples: readonly (readonly Condition[])[] };
  readonly user: { readonly names: readonly string[] };
  readonly group: { readonly names: readonly string[] };
  readonly realm: { readonly names: readonly string[] };
  readonly cgroup: { readonly names: readonly string[] };
  /** Hardware addresses. */
  readonly mac: { readonly side: Side; readonly names: readonly string[] };
  /** Groups of interfaces. */
  readonly devgroup: { readonly names: readonly string[] };
  /** The families whose packets are meant: none of these are those of ARP and the like. */
  readonly family: { readonly families: readonly Family[] };
  /** What conntrack makes of its connection: it may hold or not. */
  readonly state: object;
  /** Anything else: it may hold or not. */
  readonly other: object;
}

/** A condition of a rule, as far as it can be known before there are packets. */
export type Condition = {
  readonly [Kind in keyof Conditions]: { readonly kind: Kind } & Conditions[Kind];
}[keyof Conditions];

/** A condition, or that it does not hold. */
export type MatchTerm = Condition & { readonly negated: boolean };

/** What happens to a packet that matches. `nothing`: it is logged or counted, and goes on; `change`: it is changed, and goes on. */
export type RuleAction =
  | { readonly kind: 'accept' | 'refuse' | 'return' | 'take' | 'change' | 'nothing' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** One rule of a packet filter. */
export interface Rule {
  /** Line of its text, counted from 1. */
  readonly line: number;
  readonly asked: readonly MatchTerm[];
  /** What it does names these: addresses to which it sends packets, or that it gives them, and sets. */
  readonly uses: readonly Condition[];
  readonly action: RuleAction;
}

/** A chain with its rules in their order. */
export interface Chain {
  /** The hook that calls the chain; undefined: only other chains lead to it. */
  readonly hook: Hook | undefined;
  /** Whether it is one for the first packets of connections, which those without an entry pass by. */
  readonly isNat: boolean;
  readonly families: readonly Family[];
  /** What happens to packets that no rule decides about. */
  readonly policy: 'accept' | 'drop';
  readonly rules: readonly Rule[];
}

/** A rule or service that sets a mark. `value` undefined: the value cannot be known. */
export interface MarkSetting {
  readonly of: MarkOwner;
  readonly value: number | undefined;
}

/** A text's chains, by names that are unique in it, and what else it has. */
export interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly marks: readonly MarkSetting[];
}
