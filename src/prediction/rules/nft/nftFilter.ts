import { nftChains, type WrittenNftChain } from '../../../scenario/syntax/nftChains.js';
import { type NamedSets, nftSets } from '../../../scenario/syntax/namedSets.js';
import { type NftStatement, nftTextStatements } from '../../../scenario/syntax/nftStatements.js';
import type { SiteProblem } from '../../../site/model/siteProblem.js';
import type { FileLine, PlacedFile } from '../../../site/model/sourceFile.js';
import type { BaseChain, FilterChain, Term } from '../../model/filter.js';
import type { ReadRules } from '../readRules.js';
import { nftRules } from './nftFilterRules.js';
import { nftTable } from './nftTable.js';

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** Packets come by ingress before all else. */
const ingressPriority = -100_000;

/** A statement with its place. */
interface Placed extends NftStatement {
  readonly at: FileLine;
}

/** Reads nft texts as one, one behind the other. `isLeftOut` says which tables are in another text as well. */
export function readNftFiles(files: readonly PlacedFile[], isLeftOut: (table: string) => boolean): ReadRules {
  const placed = files.flatMap(placedStatements).filter(({ table }) => !isLeftOut(table ?? ''));
  const sets = nftSets(placed);
  const changing = changingSets(placed);
  const chains = new Map<string, FilterChain>();
  for (const [key, chain] of nftChains(placed)) {
    // ARP and what bridges see is none of the services'.
    if (chain.families.length === 0) continue;
    const names = nftTable(chain.table, sets, changing);
    const rules = chain.rules.flatMap(({ words, at }) => nftRules(words, at, names));
    chains.set(key, onDevices({ name: key, base: baseOf(chain), rules }, chain.devices));
  }
  const problems = [...files.flatMap(problemsOf), ...fragmentProblems(chains), ...missingSets(placed, sets)];
  return { chains: withEmptyChains(chains), problems };
}

/** The problem of a text in which no chain is called by the kernel, so that no packet gets to any rule; none for others. */
function fragmentProblems(chains: ReadonlyMap<string, FilterChain>): readonly SiteProblem[] {
  const all = [...chains.values()];
  const first = all.flatMap(({ rules }) => rules)[0];
  if (first === undefined || all.some(({ base }) => base !== undefined)) return [];
  const message =
    "expected a chain that packets come to (`type filter hook input priority ...`), found only such as others have to lead to: a part of the director's rules; give all that `nft list ruleset` prints";
  return [{ done: 'refused', at: first.at, message }];
}

/** Chains without a statement are not among those that were read; nft itself has seen to it that they are there. */
function withEmptyChains(chains: ReadonlyMap<string, FilterChain>): ReadonlyMap<string, FilterChain> {
  const all = new Map(chains);
  for (const { rules } of chains.values())
    for (const { action } of rules)
      if ((action.kind === 'jump' || action.kind === 'goto') && !all.has(action.chain))
        all.set(action.chain, { name: action.chain, base: undefined, rules: [] });
  return all;
}

function onDevices(chain: FilterChain, names: readonly string[]): FilterChain {
  if (names.length === 0) return chain;
  const onDevice: Term = { kind: 'interface', way: 'in', names, negated: false, isNft: true };
  return { ...chain, rules: chain.rules.map((rule) => ({ ...rule, terms: [onDevice, ...rule.terms] })) };
}

function placedStatements({ name, text, places }: PlacedFile): readonly Placed[] {
  const lines = text.split('\n');
  return nftTextStatements(text.replaceAll('\r', ' ')).map((statement) => ({
    ...statement,
    at: {
      ...(places?.[statement.line - 1] ?? { file: name, line: statement.line }),
      text: (lines[statement.line - 1] ?? '').trim(),
    },
  }));
}

/** Where the kernel calls it; by egress no packet of the service's is looked at here. */
function baseOf({ heading, policy, families }: WrittenNftChain<Placed>): BaseChain | undefined {
  if (heading?.hook === undefined || heading.hookName === 'egress') return undefined;
  const { statement, hook, hookName, isNat } = heading;
  const words = statement.words.map(({ text }) => text);
  return {
    ...{ hook, families, isNat },
    priority:
      hookName === 'ingress' ? ingressPriority : priorityOf(words.slice(words.indexOf('priority') + 1)),
    policy: policy?.value ?? 'accept',
    at: (policy?.statement ?? statement).at,
  };
}

/** `0`, `-150`, `filter`, `filter + 10`, `filter+10`. */
function priorityOf(words: readonly string[]): number {
  const [, name = '', sign = '+', number = '0'] = /^([a-z]*)([+-]?)(\d*)/.exec(words.join('')) ?? [];
  const offset = Number(number === '' ? '0' : number);
  return (priorities[name] ?? 0) + (sign === '-' ? -offset : offset);
}

/** Sets whose elements come and go: they are dynamic, or time out. */
function changingSets(placed: readonly Placed[]): ReadonlySet<string> {
  return new Set(
    placed.flatMap(({ table, block, words }) => {
      if (table === undefined || (block?.[0] !== 'set' && block?.[0] !== 'map')) return [];
      const texts = words.map(({ text }) => text);
      const isChanging =
        texts[0] === 'timeout' ||
        (texts[0] === 'flags' && (texts.includes('dynamic') || texts.includes('timeout')));
      return isChanging ? [`${table} ${block[1]}`] : [];
    }),
  );
}

/** What stands behind `@` for a piece of a header. */
const headerParts: readonly string[] = ['ll', 'nh', 'th', 'ih'];

/** Sets that rules name and that no file makes: each once, where it is named first. */
function missingSets(placed: readonly Placed[], sets: NamedSets): readonly SiteProblem[] {
  const found = new Map<string, SiteProblem>();
  for (const { table, words, at } of placed)
    for (const [index, { text }] of words.entries()) {
      const [, name] = /^@([a-z]\w*)$/i.exec(text) ?? [];
      const key = `${table ?? ''} ${name ?? ''}`;
      const isFlowtable = words[index - 2]?.text === 'flow';
      if (
        name === undefined ||
        isFlowtable ||
        headerParts.includes(name) ||
        sets.get(key)?.isMade === true ||
        found.has(key)
      )
        continue;
      const message = `the set \`${name}\` is in no file: give all of what \`nft list ruleset\` prints`;
      found.set(key, { done: 'noted', at, message });
    }
  return [...found.values()];
}

/** Lines that change the order of rules, such as `insert rule`: a problem each, because they are not followed. */
function problemsOf({ name, text, places }: PlacedFile): readonly SiteProblem[] {
  return text.split('\n').flatMap((line, index): SiteProblem[] =>
    /^\s*(?:insert|replace|delete)\s+rule\b/.test(line)
      ? [
          {
            done: 'refused',
            at: places?.[index] ?? { file: name, line: index + 1 },
            message:
              'expected rules in their order, found an order that changes it: give what `nft list ruleset` prints instead',
          },
        ]
      : [],
  );
}
