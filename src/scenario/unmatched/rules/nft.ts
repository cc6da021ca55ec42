import { type Family, families } from '../../../contracts/words/network.js';
import { nftRules } from './nftRule.js';
import { nftStatements } from './nftStatements.js';
import type { Chain, Hook, MarkSetting, Rule, Ruleset } from './rule.js';

type Growing = Omit<Chain, 'rules'> & { readonly rules: Rule[] };

const familiesOf: Readonly<Record<string, readonly Family[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: families,
};

/** A named set of nftables: its elements as they are written. */
export type NftSets = ReadonlyMap<string, readonly string[]>;

/** The chains of an nft text, and its named sets. What cannot be read is passed over: it is for nft to refuse. */
export function readNft(text: string): Ruleset & { readonly sets: NftSets } {
  const chains = new Map<string, Growing>();
  const marks: MarkSetting[] = [];
  const sets = new Map<string, readonly string[]>();
  for (const { table, block, words, line } of nftStatements(text)) {
    const known = familiesOf[table?.split(' ')[0] ?? ''];
    if (table === undefined || known === undefined || block === undefined) continue;
    const [kind, name] = block;
    const key = `${table} ${name}`;
    if (kind === 'set' || kind === 'map') {
      if (words[0] === 'elements')
        sets.set(
          key,
          words.slice(2).filter((word) => !['{', '}', ','].includes(word)),
        );
      else if (!sets.has(key)) sets.set(key, []);
      continue;
    }
    const chain = chains.get(key) ?? {
      hook: undefined,
      isNat: false,
      families: known,
      policy: 'accept',
      rules: [],
    };
    chains.set(key, { ...chain, ...headOf(words) });
    if (words[0] === 'type' || words[0] === 'policy') continue;
    const read = nftRules(words, line, (other) => `${table} ${other}`);
    chain.rules.push(...read.rules);
    marks.push(...read.marks);
  }
  return { chains, marks, sets };
}

/** `type filter hook input priority 0` and `policy drop`, each a statement of its own. */
function headOf(words: readonly string[]): Partial<Growing> {
  if (words[0] === 'policy') return { policy: words[1] === 'drop' ? 'drop' : 'accept' };
  if (words[0] !== 'type') return {};
  const hook = words[words.indexOf('hook') + 1]?.toUpperCase();
  const known = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].includes(hook ?? '');
  return { hook: known ? (hook as Hook) : undefined, isNat: words[1] === 'nat' };
}
