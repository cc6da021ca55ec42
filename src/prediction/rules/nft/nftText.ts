import { type Family, families } from '../../../contracts/words/network.js';
import type { Hook } from '../../../contracts/words/rules.js';
import { nftDevices } from '../../../scenario/syntax/nftInterfaces.js';
import { nftSets } from '../../../scenario/syntax/namedSets.js';
import { type NftStatement, nftTextStatements } from '../../../scenario/syntax/nftStatements.js';
import type { SiteProblem } from '../../../site/model/siteProblem.js';
import type { FileLine, SourceFile } from '../../../site/model/sourceFile.js';
import type { BaseChain, FilterChain, FilterRule, Term } from '../../model/filter.js';
import type { ReadRules } from '../readRules.js';
import { nftRules } from './nftFilterRules.js';
import { nftTable } from './nftTable.js';

const familiesOf: Readonly<Record<string, readonly Family[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: families,
  netdev: families,
};

const hooks: Readonly<Record<string, Hook>> = {
  ingress: 'PREROUTING',
  prerouting: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
};

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

interface Growing {
  readonly name: string;
  readonly base: BaseChain | undefined;
  readonly rules: FilterRule[];
  /** The devices that the chain is tied to. */
  readonly devices: readonly string[];
}

/** A statement and the file that it is in. */
interface Placed {
  readonly statement: NftStatement;
  readonly at: FileLine;
}

/** Reads nft texts as one, one behind the other. `isLeftOut` says which tables are in another text as well. */
export function readNftFiles(files: readonly SourceFile[], isLeftOut: (table: string) => boolean): ReadRules {
  const placed = files.flatMap(placedStatements).filter(({ statement }) => !isLeftOut(statement.table ?? ''));
  const sets = nftSets(placed.map(({ statement }) => statement));
  const changing = changingSets(placed);
  const chains = new Map<string, Growing>();
  const problems: SiteProblem[] = files.flatMap((file) => problemsOf(file, files));
  for (const { statement, at } of placed) {
    const { table, block, words } = statement;
    const family = table?.split(' ')[0] ?? '';
    if (table === undefined || block?.[0] !== 'chain' || !Object.hasOwn(familiesOf, family)) continue;
    const names = nftTable(table, sets, changing);
    const key = names.keyOf(block[1]);
    const chain = chains.get(key) ?? { name: key, base: undefined, rules: [], devices: [] };
    const texts = words.map(({ text }) => text);
    if (texts[0] === 'type') {
      const devices = nftDevices(statement).map(({ text }) => text);
      chains.set(key, { ...chain, base: baseOf(texts, family, at), devices: [...chain.devices, ...devices] });
    } else if (texts[0] === 'policy') {
      const policy = texts[1] === 'drop' ? 'drop' : 'accept';
      const { base } = chain;
      chains.set(key, { ...chain, base: base === undefined ? undefined : { ...base, policy, at } });
    } else if (texts[0] === 'devices' || texts[0] === 'device') {
      const devices = nftDevices(statement).map(({ text }) => text);
      chains.set(key, { ...chain, devices: [...chain.devices, ...devices] });
    } else {
      for (const rule of nftRules(words, at, names)) chain.rules.push(rule);
      chains.set(key, chain);
    }
  }
  return {
    chains: withEmptyChains(new Map([...chains].map(([key, chain]) => [key, finished(chain)]))),
    problems,
  };
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

function finished({ name, base, rules, devices }: Growing): FilterChain {
  if (devices.length === 0) return { name, base, rules };
  const onDevice: Term = { kind: 'interface', way: 'in', names: devices, negated: false, isNft: true };
  return { name, base, rules: rules.map((rule) => ({ ...rule, terms: [onDevice, ...rule.terms] })) };
}

function placedStatements({ name, text }: SourceFile): readonly Placed[] {
  const lines = text.split('\n');
  return nftTextStatements(text.replaceAll('\r', ' ')).map((statement) => ({
    statement,
    at: { file: name, line: statement.line, text: (lines[statement.line - 1] ?? '').trim() },
  }));
}

/** `type filter hook input priority filter + 10`. */
function baseOf(words: readonly string[], family: string, at: FileLine): BaseChain | undefined {
  const named = words[words.indexOf('hook') + 1] ?? '';
  if (!Object.hasOwn(hooks, named)) return undefined;
  const hook = hooks[named] ?? 'INPUT';
  return {
    hook,
    priority: named === 'ingress' ? ingressPriority : priorityOf(words.slice(words.indexOf('priority') + 1)),
    families: familiesOf[family] ?? [],
    isNat: words[1] === 'nat',
    policy: 'accept',
    at,
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
    placed.flatMap(({ statement: { table, block, words } }) => {
      if (table === undefined || (block?.[0] !== 'set' && block?.[0] !== 'map')) return [];
      const texts = words.map(({ text }) => text);
      const isChanging =
        texts[0] === 'timeout' ||
        (texts[0] === 'flags' && (texts.includes('dynamic') || texts.includes('timeout')));
      return isChanging ? [`${table} ${block[1]}`] : [];
    }),
  );
}

/** Files that are included and not given, and orders that are not followed. */
function problemsOf({ name, text }: SourceFile, files: readonly SourceFile[]): readonly SiteProblem[] {
  return text.split('\n').flatMap((line, index): SiteProblem[] => {
    const at = { file: name, line: index + 1 };
    const [, included] = /^\s*include\s+"([^"]+)"/.exec(line) ?? [];
    const base = (path: string) => path.replace(/^.*\//, '');
    if (included !== undefined && !files.some((file) => base(file.name) === base(included)))
      return [
        {
          done: 'refused',
          at,
          message: `expected the files that \`${included}\` names among those given, found none: give what \`nft list ruleset\` prints instead`,
        },
      ];
    return /^\s*(?:insert|replace|delete)\s+rule\b/.test(line)
      ? [
          {
            done: 'refused',
            at,
            message:
              'expected rules in their order, found an order that changes it: give what `nft list ruleset` prints instead',
          },
        ]
      : [];
  });
}
