import type { UnmatchedName } from '../model/unmatchedName.js';
import { type Checked, isOwn, type Part, placeIn } from './parts.js';
import type { FilterSource } from './rules/filterTexts.js';
import type { Chain } from './rules/rule.js';
import { uncalledText } from './sentences.js';

/**
 * Texts of rules to which no packet comes, because none of their chains is one that the kernel calls: a part of a director's rules, which others
 * lead to on the site. Of iptables each table is looked at by itself.
 */
export function uncalled(part: Part, checked: Checked): readonly UnmatchedName[] {
  return part.filters.rulesets.flatMap(({ chains }) =>
    tablesOf(chains).flatMap(({ table, chains: own }): readonly UnmatchedName[] => {
      if (own.some(({ hook }) => hook !== undefined)) return [];
      const source = own.flatMap(({ rules }) => rules).flatMap((rule) => textOf(rule, part))[0];
      if (source === undefined) return [];
      const message = uncalledText(part.role, source.key === 'nftables' ? undefined : table);
      const place = placeIn(part, source, checked);
      return [{ kind: 'table', name: table, place, lines: [], message, counts: true }];
    }),
  );
}

/** The tables of iptables apart, those of nft as one. */
function tablesOf(chains: ReadonlyMap<string, Chain>) {
  const tables = new Map<string, Chain[]>();
  for (const [name, chain] of chains) {
    const [table = '', , ...more] = name.split(' ');
    const key = more.length > 0 ? 'nft' : table;
    const known = tables.get(key);
    if (known === undefined) tables.set(key, [chain]);
    else known.push(chain);
  }
  return [...tables].map(([table, own]) => ({ table, chains: own }));
}

/** Where a text has the rule; commands may add to what others made. */
function textOf(rule: Chain['rules'][number], part: Part): readonly FilterSource[] {
  const source = part.filters.sources.get(rule);
  return source !== undefined && source.key !== 'commands' && isOwn(part, source) ? [source] : [];
}
