import type { Family } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import { iptablesWords } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { chainKey, IptablesReader, type WrittenChain } from '../../scenario/syntax/iptables/iptablesText.js';
import { linesOf } from '../../scenario/syntax/word.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { FileLine, SourceFile } from '../../site/model/sourceFile.js';
import type { BaseChain, FilterChain, FilterRule } from '../model/filter.js';
import { iptablesAction } from './iptablesActions.js';
import { iptablesTerms, type SetTerms } from './iptablesTerms.js';
import type { ReadRules } from './readRules.js';
import { repeatedTables } from './repeatedTables.js';
import { ruleHints } from './ruleHints.js';

/** Where the kernel calls the chains of each table. */
const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  nat: -100,
  filter: 0,
  security: 50,
};

/** Chains of nat that change sources come later. */
const lateNat: readonly Hook[] = ['INPUT', 'POSTROUTING'];

/** Reads texts of one family as one, one behind the other. */
export function readIptablesFiles(
  files: readonly SourceFile[],
  family: Family,
  sets: { readonly terms: SetTerms; readonly names: ReadonlySet<string> },
): ReadRules {
  const reader = new IptablesReader<FileLine>();
  for (const file of files) reader.text(linesOfFile(file));
  const reading = { family, sets: sets.terms };
  const chains = new Map<string, FilterChain>();
  for (const [key, chain] of reader.chains) {
    const keyOf = (name: string) => chainKey(chain.table, name);
    const isChain = (name: string) => reader.chains.has(keyOf(name));
    chains.set(key, {
      name: key,
      base: baseOf(chain, family),
      rules: [
        ...chain.rules.map(({ at, options, target }): FilterRule => ({
          at,
          terms: iptablesTerms(options, reading),
          action: target === undefined ? { kind: 'nothing' } : iptablesAction(target, isChain, keyOf),
        })),
        ...unsaidPolicy(chain),
      ],
    });
  }
  const rules = [...reader.chains.values()].flatMap((chain) => chain.rules);
  const hints = ruleHints(rules, (name) => sets.names.has(name));
  return {
    chains,
    problems: [
      ...reader.others.map(problemOf),
      ...repeatedTables(files),
      ...fragmentProblems(reader),
      ...hints,
    ],
  };
}

function linesOfFile({ name, text }: SourceFile) {
  return linesOf(text).map((line, index) => ({
    words: iptablesWords(line),
    at: { file: name, line: index + 1, text: line.text.trim() },
  }));
}

function baseOf({ table, hook, policy, at }: WrittenChain<FileLine>, family: Family): BaseChain | undefined {
  if (hook === undefined) return undefined;
  const isNat = table === 'nat';
  const priority = isNat && lateNat.includes(hook) ? 100 : (priorities[table] ?? 0);
  return { hook, priority, families: [family], isNat, policy, at };
}

/** Tables whose rules no packet gets to, because none of their chains is one that the kernel calls: files that others load beside their own. */
function fragmentProblems({ chains }: IptablesReader<FileLine>): readonly SiteProblem[] {
  const all = [...chains.values()];
  const tables = [...new Set(all.map(({ table }) => table))];
  return tables.flatMap((table): readonly SiteProblem[] => {
    const own = all.filter((chain) => chain.table === table);
    const first = own.flatMap(({ rules }) => rules)[0];
    if (first === undefined || own.some(({ hook }) => hook !== undefined)) return [];
    const message = `expected a chain of table ${table} that packets come to (INPUT, ...), found only such as others have to lead to: a part of the director's rules; give all that iptables-save prints`;
    return [{ done: 'refused', at: first.at, message }];
  });
}

/** What stands for the policy of a chain that lines put rules into and none gives a policy: a part of what the director has, or of a script. */
function unsaidPolicy({ name, hook, hasPolicy, rules, at }: WrittenChain<FileLine>): readonly FilterRule[] {
  if (hook === undefined || hasPolicy || rules.length === 0) return [];
  const why = `no line says the policy of ${name}: give all that iptables-save prints`;
  return [{ at, terms: [], action: { kind: 'unclear', why } }];
}

function problemOf(at: FileLine): SiteProblem {
  const expected = 'expected a line as iptables-save prints it (*TABLE, :CHAIN, -A ...)';
  return { done: 'refused', at, message: `${expected}, found \`${at.text.slice(0, 80)}\`` };
}
