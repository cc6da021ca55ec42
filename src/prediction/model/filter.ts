import type { Family } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import type { PortSide } from '../../scenario/syntax/ports.js';
import type { AddressRange } from '../../site/model/addressRange.js';
import type { FileLine } from '../../site/model/sourceFile.js';

/** The states that conntrack gives to a packet that it looks at. */
export const trackedStates = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'] as const;

/** The states that rules can ask for; `UNTRACKED`: conntrack does not look at the packet. */
export const conntrackStates = [...trackedStates, 'UNTRACKED'] as const;
export type ConntrackState = (typeof conntrackStates)[number];

/** The first and the last of a range of numbers, both included. */
export type NumberRange = readonly [number, number];

/** What is asked of a packet. */
type Question =
  | { readonly kind: 'protocol'; readonly ranges: readonly NumberRange[] }
  | {
      readonly kind: 'address';
      readonly side: 'source' | 'destination';
      readonly ranges: readonly AddressRange[];
    }
  /** Names may end in `*`. */
  | {
      readonly kind: 'interface';
      readonly way: 'in' | 'out';
      readonly names: readonly string[];
      readonly isNft?: boolean;
    }
  | {
      readonly kind: 'port';
      readonly side: PortSide;
      readonly ranges: readonly NumberRange[];
    }
  | { readonly kind: 'state'; readonly states: readonly ConntrackState[] }
  /** IPv4 or IPv6. */
  | { readonly kind: 'family'; readonly families: readonly Family[] }
  /** TCP's flags: of those in the mask just these values are set. */
  | { readonly kind: 'flags'; readonly mask: number; readonly values: readonly number[] }
  /** Of an ICMP or ICMPv6 message. */
  | { readonly kind: 'icmp'; readonly types: readonly IcmpType[] }
  /** What the routes say of an address: `LOCAL`, `UNICAST`. */
  | {
      readonly kind: 'addressType';
      readonly side: 'source' | 'destination';
      readonly types: readonly string[];
    }
  | { readonly kind: 'mark'; readonly ranges: readonly NumberRange[]; readonly mask: number }
  /** What always is so: `assumed` says what is taken for granted with it. */
  /** Whether a set has the sender or the receiver; no file says whom it has. */
  | { readonly kind: 'listed'; readonly side: 'source' | 'destination'; readonly name: string }
  | { readonly kind: 'always'; readonly assumed?: string }
  /** All terms of one of these hold, as with the elements of a set that are of several parts. */
  | { readonly kind: 'any'; readonly alternatives: readonly (readonly Term[])[]; readonly text: string }
  /** What cannot be known here, with what it depends on. */
  | { readonly kind: 'opaque'; readonly text: string; readonly why: string };

/** A type of ICMP, with its code where one is asked for. */
export interface IcmpType {
  readonly type: number;
  readonly code: number | undefined;
}

/** One thing that a rule asks, or asks not to be so. */
export type Term = Question & { readonly negated: boolean };

/** What a rule does with a packet that it takes. */
export type Action =
  | { readonly kind: 'accept' }
  /** `how` says with what: `DROP`, `REJECT icmp-host-prohibited`. */
  | { readonly kind: 'refuse'; readonly how: string }
  /** The packet goes to somebody else than it was for. */
  | { readonly kind: 'divert'; readonly how: string }
  /** Its source is changed. */
  | { readonly kind: 'source'; readonly how: string }
  /** Another program decides, or nobody knows who does. */
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'untrack' }
  /** These bits of the mark are cleared, and then those are flipped; undefined: nobody knows which. */
  | { readonly kind: 'mark'; readonly set: { readonly clear: number; readonly flip: number } | undefined }
  /** It is counted, logged or changed in what no rule here asks about, and goes on. */
  | { readonly kind: 'nothing' };

/** One rule, and where it stands. */
export interface FilterRule {
  readonly at: FileLine;
  readonly terms: readonly Term[];
  readonly action: Action;
}

/** A chain of rules, and where the kernel calls it. */
export interface FilterChain {
  /** How people call it: `INPUT`, `filter INPUT`, `inet firewalld filter_INPUT`. */
  readonly name: string;
  /** Undefined: only other chains lead to it. */
  readonly base: BaseChain | undefined;
  readonly rules: readonly FilterRule[];
}

/** What a chain has that the kernel calls. */
export interface BaseChain {
  readonly hook: Hook;
  readonly priority: number;
  readonly families: readonly Family[];
  /** Only packets with a new entry of conntrack pass it. */
  readonly isNat: boolean;
  readonly policy: 'accept' | 'drop';
  readonly at: FileLine;
}

/** Chains of one family of rules (of iptables, of ip6tables, of nft) by keys that `jump` uses. */
export type Chains = ReadonlyMap<string, FilterChain>;
