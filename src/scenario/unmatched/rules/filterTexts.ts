import { type Family, families } from '../../../contracts/words/network.js';
import type { RuleSet } from '../../model/scenario.js';
import { readIptables, readIptablesCommands } from './iptables.js';
import { readNft } from './nft.js';
import type { Chain, MarkSetting, Rule, Ruleset } from './rule.js';
import { wordsOf } from './words.js';

/** Where a rule is written: the key of its text and the line in that; of a command line, its number. */
export interface Source {
  readonly key: 'rules' | 'rules6' | 'nftables' | 'commands';
  readonly line: number;
}

/** All that a node's texts come to. */
export interface Filters {
  /** The rules of iptables, of ip6tables and of nft apart, each twice: with the rules that commands add behind the others, and before them. */
  readonly rulesets: readonly Ruleset[];
  readonly sources: ReadonlyMap<Rule, Source>;
  readonly marks: readonly MarkSetting[];
  readonly sets: ReadonlyMap<string, readonly string[]>;
  /** Words of commands that are not the packet filter's: they may make anything. */
  readonly other: ReadonlySet<string>;
}

/** Reads all texts of a role or an event. */
export function readFilters(texts: RuleSet): Filters {
  const sources = new Map<Rule, Source>();
  const from = (key: Source['key'], ruleset: Ruleset): Ruleset => {
    for (const { rules } of ruleset.chains.values())
      for (const rule of rules) sources.set(rule, { key, line: rule.line });
    return ruleset;
  };
  const nft = readNft(texts.nftables ?? '');
  const commands = commandsOf(texts.commands);
  const written = [
    from('rules', readIptables(texts.rules ?? '', 'ipv4')),
    from('rules6', readIptables(texts.rules6 ?? '', 'ipv6')),
  ];
  const added = families.map((family) =>
    from('commands', readIptablesCommands(commands.iptables(family), family)),
  );
  const native = from('nftables', nft);
  const nftCommands = commands.nft.map((line) => readNft(line.text));
  for (const [index, one] of nftCommands.entries()) {
    for (const { rules } of one.chains.values())
      for (const rule of rules) sources.set(rule, { key: 'commands', line: commands.nft[index]?.line ?? 1 });
  }
  const groups = [
    ...[0, 1].map((index) => [written[index], added[index]] as const),
    [native, merged(nftCommands)] as const,
  ];
  return {
    // A command may put its rules before or behind the others.
    rulesets: groups.flatMap(([one, other]) =>
      one === undefined || other === undefined ? [] : [merged([one, other]), merged([other, one])],
    ),
    sources,
    marks: [...written, ...added, nft, ...nftCommands].flatMap(({ marks }) => marks),
    sets: new Map(
      [...nft.sets].map(([name, elements]): [string, readonly string[]] => [
        name.split(' ').at(-1) ?? '',
        elements,
      ]),
    ),
    other: commands.other,
  };
}

/** Chains of one name as one, with the rules of each in the order given. */
function merged(rulesets: readonly Ruleset[]): Ruleset {
  const chains = new Map<string, Chain>();
  for (const [name, chain] of rulesets.flatMap((one) => [...one.chains])) {
    const known = chains.get(name);
    const hook = known?.hook ?? chain.hook;
    const policy = known?.policy === 'drop' ? 'drop' : chain.policy;
    chains.set(name, {
      ...chain,
      hook,
      policy,
      isNat: chain.isNat || known?.isNat === true,
      rules: [...(known?.rules ?? []), ...chain.rules],
    });
  }
  return { chains, marks: rulesets.flatMap(({ marks }) => marks) };
}

/** Command lines by the program they call; a line may hold several commands. */
function commandsOf(lines: readonly string[]) {
  const calls = lines.flatMap((text, index) =>
    text.split(/&&|\|\||;|\|(?!\|)/).map((part) => ({ words: wordsOf(part), text: part, line: index + 1 })),
  );
  const program = (words: readonly string[]) =>
    /(?:^|\/)(ip6?tables|nft|ipset)(?:-nft|-legacy)?$/.exec(words[0] ?? '')?.[1];
  return {
    iptables: (family: Family) => {
      const name = family === 'ipv4' ? 'iptables' : 'ip6tables';
      const byLine: (readonly string[])[] = lines.map(() => []);
      for (const { words, line } of calls) if (program(words) === name) byLine[line - 1] = words;
      return byLine;
    },
    nft: calls
      .filter(({ words }) => program(words) === 'nft')
      .map(({ words, line }) => ({ text: words.slice(1).join(' '), line })),
    other: new Set(
      calls
        .filter(({ words }) => program(words) === undefined || program(words) === 'ipset')
        .flatMap(({ text }) => text.split(/[^\w.@:/-]+/)),
    ),
  };
}
