import { type NftRule, nftLines } from '../languages/nftLines.js';
import type { Draft } from '../model/draft.js';
import { lineChanges } from './lineChanges.js';

/** By this comment a rule is found again. */
const mark = 'lvs-lab cure';

/** The nft commands that turn the rules of one text into those of another, and those that undo it; undefined: only loading the whole text does. */
export function nftCommands(
  before: Draft,
  after: Draft,
): { readonly apply: readonly string[]; readonly back: readonly string[] } | undefined {
  const changes = lineChanges(before, after);
  if (changes.some(({ kind }) => kind === 'gone')) return undefined;
  const [old, made] = [nftLines(before), nftLines(after)];
  const atEnd: string[] = [];
  const inside: string[] = [];
  const chains = new Set<string>();
  const tables = new Set<string>();
  for (const change of changes) {
    const rule = made.rules.find(({ line }) => line === change.line);
    if (rule === undefined || change.kind === 'gone') continue;
    if (rule.text.includes('$')) return undefined;
    const { chain } = rule;
    if (!old.heads.has(chain) && !old.rules.some((one) => one.chain === chain)) {
      tables.add(chain);
      continue;
    }
    const own = old.rules.filter((one) => one.chain === chain);
    const index = own.filter(({ line }) => line < change.before).length;
    const text = `${rule.text} comment "${mark}"`;
    if (index === own.length) atEnd.push(`nft 'add rule ${chain} ${text}'`);
    else inside.unshift(`nft 'insert rule ${chain} index ${index} ${text}'`);
    chains.add(chain);
  }
  return {
    apply: [...[...tables].map((chain) => tableCommand(chain, made)), ...inside, ...atEnd],
    back: [...[...chains].map(deleteCommand), ...[...tables].map(tableGone)],
  };
}

/** A whole table with one chain. */
function tableCommand(
  chain: string,
  { rules, heads }: { readonly rules: readonly NftRule[]; readonly heads: ReadonlyMap<string, NftRule> },
): string {
  const [family = '', table = '', name = ''] = chain.split(' ');
  const head = heads.get(chain);
  const type = head === undefined ? '' : 'type filter hook prerouting priority -300; policy accept; ';
  const own = rules.filter((rule) => rule.chain === chain).map(({ text }) => `${text}; `);
  return `nft 'table ${family} ${table} { chain ${name} { ${type}${own.join('')}}; }'`;
}

function tableGone(chain: string): string {
  const [family = '', table = ''] = chain.split(' ');
  return `nft delete table ${family} ${table}`;
}

function deleteCommand(chain: string): string {
  return `nft -a list chain ${chain} | sed -n '/${mark}/s/.* handle //p' | while read -r handle; do nft delete rule ${chain} handle "$handle"; done`;
}
