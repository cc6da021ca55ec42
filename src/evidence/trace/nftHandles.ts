import { parseNftRuleset } from '../listings/packetFilter/nftables.js';

/** For each `FAMILY TABLE CHAIN HANDLE`, the rule without its counter. */
export type RuleHandles = ReadonlyMap<string, string>;

const handle = / # handle (\d+)$/;

/** Parses the text of `nft -a list ruleset`, which has a rule's handle behind it. Throws EvidenceError that quotes a line outside of any table. */
export function parseNftHandles(text: string): RuleHandles {
  const rules = parseNftRuleset(text.replaceAll(/\{ # handle \d+$/gm, '{'));
  return new Map(
    rules.flatMap(({ family, table, chain, rule }) => {
      const number = handle.exec(rule)?.[1];
      return number === undefined
        ? []
        : [[[family, table, chain, number].join(' '), rule.replace(handle, '')] as const];
    }),
  );
}
