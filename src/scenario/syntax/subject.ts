import type { Family } from '../../contracts/words/network.js';
import type { NameKind } from '../model/nameKind.js';

/** What a selector of nft or an element of a set is about. */
export type SubjectType =
  | Exclude<NameKind, 'set'>
  | 'port'
  | 'protocol'
  /** The family of a packet. */
  | 'family'
  /** What conntrack makes of its connection. */
  | 'state'
  /** Anything else: what it asks cannot be known before there are packets. */
  | 'other';

/** Of a packet its source or where it comes in, or its destination or where it goes out. */
export type Side = 'source' | 'destination' | 'other';

/** Whose mark it is: a packet's own, or that which conntrack keeps for its connection. */
export type MarkOwner = 'packet' | 'connection';

/** What is compared with a value. */
export interface Subject {
  readonly type: SubjectType;
  readonly side: Side;
  /** Whose mark it is. */
  readonly of?: MarkOwner;
  /** The protocol that a packet has if it has such a thing. */
  readonly protocol?: string;
  /** The family that a packet is of if it has such a thing. */
  readonly family?: Family;
}
