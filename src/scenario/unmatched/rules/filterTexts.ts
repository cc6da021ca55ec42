import type { RuleKey } from '../../../contracts/words/rules.js';
import { families } from '../../../contracts/words/network.js';
import type { RuleSet } from '../../model/scenario.js';
import { type CommandCall, commandCalls } from '../../syntax/calls/commandTexts.js';
import { iptablesWords } from '../../syntax/iptables/iptablesOptions.js';
import { ipsetSets, mergedSets, type NamedSets, nftSets } from '../../syntax/namedSets.js';
import { nftDevices } from '../../syntax/nftInterfaces.js';
import { nftTextStatements } from '../../syntax/nftStatements.js';
import { linesOf, type Word } from '../../syntax/word.js';
import { readIptables, readIptablesCommands } from './iptablesRuleset.js';
import { readNft } from './nftRuleset.js';
import type { Chain, MarkSetting, Rule, Ruleset } from './rule.js';

/** Where a rule is written: the key of its text and the line in that; of a command line, its number. */
export interface FilterSource {
  readonly key: Exclude<RuleKey, 'ipset'>;
  readonly line: number;
}

/** A device to which a chain or a flowtable of nft is tied. */
export interface Device {
  readonly name: string;
  readonly source: FilterSource;
}

/** All that a node's texts come to. */
export interface Filters {
  /** The rules of iptables, of ip6tables and of nft apart, each twice: with the rules that commands add behind the others, and before them. */
  readonly rulesets: readonly Ruleset[];
  readonly sources: ReadonlyMap<Rule, FilterSource>;
  readonly marks: readonly MarkSetting[];
  /** Sets that any of the texts makes. */
  readonly sets: NamedSets;
  readonly devices: readonly Device[];
  /** The calls that the command lines make. */
  readonly calls: readonly CommandCall[];
}

/** Reads all texts of a role or an event; `known` are sets that are there before. */
export function readFilters(texts: RuleSet, known: NamedSets = new Map()): Filters {
  const sources = new Map<Rule, FilterSource>();
  const from = (key: FilterSource['key'], ruleset: Ruleset): Ruleset => {
    for (const { rules } of ruleset.chains.values())
      for (const rule of rules) sources.set(rule, { key, line: rule.line });
    return ruleset;
  };
  const statements = nftTextStatements(texts.nftables);
  const calls = commandCalls(texts.commands);
  const sets: NamedSets = new Map([
    ...nftSets([...statements, ...calls.flatMap(({ nft }) => nft)]),
    ...ipsetSets([...linesOf(texts.ipset ?? '').map(iptablesWords), ...calls.flatMap(({ ipset }) => ipset)]),
  ]);
  const all = mergedSets([known, sets]);
  const written = [
    from('rules', readIptables(texts.rules ?? '', 'ipv4')),
    from('rules6', readIptables(texts.rules6 ?? '', 'ipv6')),
  ];
  const added = families.map((family) => {
    const inputs = calls.flatMap(({ iptables, line }) =>
      iptables?.family === family ? [{ input: iptables, line: line + 1 }] : [],
    );
    return from('commands', readIptablesCommands(inputs, family));
  });
  const native = from(
    'nftables',
    readNft(statements, all, ({ line }) => line),
  );
  const nftCommands = merged(
    calls.map(({ nft, line }) =>
      from(
        'commands',
        readNft(nft, all, () => line + 1),
      ),
    ),
  );
  const groups = [
    ...[0, 1].map((index) => [written[index], added[index]] as const),
    [native, nftCommands] as const,
  ];
  return {
    // A command may put its rules before or behind the others.
    rulesets: groups.flatMap(([one, other]) =>
      one === undefined || other === undefined ? [] : [merged([one, other]), merged([other, one])],
    ),
    sources,
    marks: [...written, ...added, native, nftCommands].flatMap(({ marks }) => marks),
    sets,
    devices: [
      ...statements.flatMap((statement) =>
        devices(nftDevices(statement), { key: 'nftables', line: statement.line }),
      ),
      ...calls.flatMap(({ nft, line }) =>
        devices(nft.flatMap(nftDevices), { key: 'commands', line: line + 1 }),
      ),
    ],
    calls,
  };
}

function devices(words: readonly Word[], source: FilterSource): readonly Device[] {
  return words.map(({ text }) => ({ name: text, source }));
}

/** Chains of one name as one, with the rules of each in the order given. */
function merged(rulesets: readonly Ruleset[]): Ruleset {
  const chains = new Map<string, Chain & { readonly rules: Rule[] }>();
  for (const { chains: own } of rulesets)
    for (const [name, chain] of own) {
      const known = chains.get(name);
      const hook = known?.hook ?? chain.hook;
      const policy = known?.policy === 'drop' ? 'drop' : chain.policy;
      const isNat = chain.isNat || known?.isNat === true;
      const rules = known?.rules ?? [];
      for (const rule of chain.rules) rules.push(rule);
      chains.set(name, { ...chain, hook, policy, isNat, rules });
    }
  return { chains, marks: rulesets.flatMap(({ marks }) => marks) };
}
