import { type Family, families } from '../../../contracts/words/network.js';
import { nftRules } from './nftRule.js';
import type { NamedSets } from '../../syntax/namedSets.js';
import type { NftStatement } from '../../syntax/nftStatements.js';
import type { Hook } from '../../../contracts/words/rules.js';
import type { Chain, MarkSetting, Rule, Ruleset } from './rule.js';

type Growing = Omit<Chain, 'rules'> & { readonly rules: Rule[] };

const familiesOf: Readonly<Record<string, readonly Family[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: families,
  netdev: families,
  // Of these no packet of the service is.
  arp: [],
  bridge: [],
};

/** Packets come by ingress just before PREROUTING, and by egress last of all. */
const hooks: Readonly<Record<string, Hook>> = {
  prerouting: 'PREROUTING',
  ingress: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
  egress: 'POSTROUTING',
};

/** The chains of nft statements. What cannot be read is passed over: it is for nft to refuse. `lineOf` gives the line for rules of a statement. */
export function readNft(
  statements: readonly NftStatement[],
  sets: NamedSets,
  lineOf: (statement: NftStatement) => number,
): Ruleset {
  const chains = new Map<string, Growing>();
  const marks: MarkSetting[] = [];
  for (const statement of statements) {
    const { table, block, words } = statement;
    const family = table?.split(' ')[0] ?? '';
    const known = Object.hasOwn(familiesOf, family) ? familiesOf[family] : undefined;
    if (table === undefined || known === undefined || block?.[0] !== 'chain') continue;
    const keyOf = (name: string): string => `${table} ${name}`;
    const key = keyOf(block[1]);
    const chain = chains.get(key) ?? {
      ...builtIn(block[1], table),
      families: known,
      policy: 'accept',
      rules: [],
    };
    const first = words[0]?.text ?? '';
    chains.set(key, { ...chain, ...headOf(words.map(({ text }) => text)) });
    if (['type', 'policy', 'devices', 'device'].includes(first)) continue;
    const read = nftRules(words, lineOf(statement), { keyOf, sets });
    for (const rule of read.rules) chain.rules.push(rule);
    marks.push(...read.marks);
  }
  return { chains, marks };
}

/** Chains that iptables makes of nftables have its names, and no heading in a text that adds to them. */
function builtIn(name: string, table: string): Pick<Growing, 'hook' | 'isNat'> {
  const isHook = name === name.toUpperCase() && Object.hasOwn(hooks, name.toLowerCase());
  return { hook: isHook ? hooks[name.toLowerCase()] : undefined, isNat: table.endsWith(' nat') };
}

/** `type filter hook input priority 0` and `policy drop`, each a statement of its own. */
function headOf(words: readonly string[]): Partial<Growing> {
  if (words[0] === 'policy') return { policy: words[1] === 'drop' ? 'drop' : 'accept' };
  if (words[0] !== 'type') return {};
  const hook = words[words.indexOf('hook') + 1] ?? '';
  return { hook: Object.hasOwn(hooks, hook) ? hooks[hook] : undefined, isNat: words[1] === 'nat' };
}
