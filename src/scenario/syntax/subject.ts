import type { Family } from '../../contracts/words/network.js';
import type { NameKind } from '../model/nameKind.js';

/** What an option of iptables, a selector of nft or an element of a set is about. */
export type SubjectType =
  | Exclude<NameKind, 'set'>
  | 'port'
  | 'protocol'
  /** The family of a packet. */
  | 'family'
  /** What conntrack makes of its connection. */
  | 'state'
  /** The flags of TCP. */
  | 'flags'
  /** The type of an ICMP or ICMPv6 message. */
  | 'icmpType'
  /** What the routes say of an address: `LOCAL`, `UNICAST`. */
  | 'addressType'
  /** Whether a frame is for this machine alone, or for all. */
  | 'packetType'
  /** Whether it is a later fragment of a packet. */
  | 'fragment'
  /** Anything else: what it asks cannot be known before there are packets. */
  | 'other';

/** Which end of a packet is meant: its source, or where it comes in; its destination, or where it goes out; or neither. */
export type Side = 'source' | 'destination' | 'other';

/** Whose mark it is: a packet's own, or that which conntrack keeps for its connection. */
export type MarkOwner = 'packet' | 'connection';

/** What is compared with a value. */
export interface Subject {
  readonly type: SubjectType;
  readonly side: Side;
  /** Where it is, if not in the packet itself: it is kept of the packet's connection, or found in routes, tunnels and the like. */
  readonly of?: 'connection' | 'elsewhere';
  /** The protocol that a packet has if it has such a thing. */
  readonly protocol?: string;
  /** The family that a packet is of if it has such a thing. */
  readonly family?: Family;
}

/** Makes a subject. */
export function subject(type: SubjectType, side: Side = 'other', of?: Subject['of']): Subject {
  return of === undefined ? { type, side } : { type, side, of };
}

/** Whose mark it is that a subject is about. */
export function markOwner({ of }: Subject): MarkOwner {
  return of === 'connection' ? 'connection' : 'packet';
}
