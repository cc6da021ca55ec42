import type { NamedSets } from '../../syntax/namedSets.js';
import { hookOf, nftChains, nftKey, type WrittenNftChain } from '../../syntax/nftChains.js';
import type { NftStatement } from '../../syntax/nftStatements.js';
import { nftRules } from './nftRule.js';
import type { Chain, MarkSetting, Ruleset } from './rule.js';

/** The chains of nft statements. What cannot be read is passed over: it is for nft to refuse. `lineOf` gives the line for rules of a statement. */
export function readNft(
  statements: readonly NftStatement[],
  sets: NamedSets,
  lineOf: (statement: NftStatement) => number,
): Ruleset {
  const chains = new Map<string, Chain>();
  const marks: MarkSetting[] = [];
  for (const [key, chain] of nftChains(statements)) {
    const table = { keyOf: (name: string) => nftKey(chain.table, name), sets };
    const read = chain.rules.map((statement) => nftRules(statement.words, lineOf(statement), table));
    marks.push(...read.flatMap((one) => one.marks));
    const { hook, isNat } = chain.heading ?? builtIn(chain);
    chains.set(key, {
      ...{ hook, isNat, families: chain.families },
      policy: chain.policy?.value ?? 'accept',
      rules: read.flatMap(({ rules }) => rules),
    });
  }
  return { chains, marks };
}

/** Chains that iptables makes of nftables have its names, and no heading in a text that adds to them. */
function builtIn({ name, table }: WrittenNftChain<NftStatement>): Pick<Chain, 'hook' | 'isNat'> {
  const hook = name === name.toUpperCase() ? hookOf(name.toLowerCase()) : undefined;
  return { hook, isNat: table.endsWith(' nat') };
}
