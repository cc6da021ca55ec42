import type { Element } from '../../../scenario/syntax/nftClauses.js';
import type { NamedSets } from '../../../scenario/syntax/namedSets.js';
import { nftKey } from '../../../scenario/syntax/nftChains.js';

/** What rules of a table may mean by names. */
export interface NftTable {
  /** The key of a chain. */
  readonly keyOf: (chain: string) => string;
  /** The elements of a set or map; undefined: it is not there, or its elements come and go. */
  readonly elementsOf: (set: string) => readonly Element[] | undefined;
}

/** The names of a table; `changing` are the sets whose elements come and go. */
export function nftTable(table: string, sets: NamedSets, changing: ReadonlySet<string>): NftTable {
  const keyOf = (name: string): string => nftKey(table, name);
  return {
    keyOf,
    elementsOf: (name) => {
      const set = sets.get(keyOf(name));
      return set?.isMade === true && !changing.has(keyOf(name)) ? set.elements : undefined;
    },
  };
}
