import type { NumberRange, Term } from '../model/filter.js';
import { never, opaqueTerm } from './terms.js';

/** The sizes that clients announce, from the least that every host has to take to what fits into an Ethernet frame. */
const usual: NumberRange = [536, 1460];

const syn = 0x02;

/** What a rule asks of the segment size that a SYN announces. */
export interface SizeQuestion {
  /** As it is written. */
  readonly text: string;
  readonly range: NumberRange;
  readonly negated: boolean;
  /** Whether a packet that announces none, as all but SYNs, counts as one of another size: so it is with iptables; nft takes none of those. */
  readonly isNoneOther: boolean;
}

/** The terms of a question for the segment size; what it comes to for clients of unusual sizes is taken for granted. */
export function segmentSizeTerms({ text, range, negated, isNoneOther }: SizeQuestion): readonly Term[] {
  const [first, last] = range;
  const hasAll = first <= usual[0] && usual[1] <= last;
  const hasNone = last < usual[0] || usual[1] < first;
  if (!hasAll && !hasNone) return [opaqueTerm(text, 'it depends on the segment size that clients announce')];
  const assumed = `\`${text}\`: clients announce segments of ${usual[0]} to ${usual[1]} bytes`;
  const isOfSyn = hasAll !== negated;
  const isOfOthers = isNoneOther && negated;
  const assumption: Term = { kind: 'always', negated: false, assumed };
  if (!isOfSyn && !isOfOthers) return [assumption, never];
  return isOfSyn && isOfOthers
    ? [assumption]
    : [assumption, { kind: 'flags', mask: syn, values: [syn], negated: isOfOthers }];
}
