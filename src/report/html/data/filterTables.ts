import type { NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { RuleCount } from '../../../evidence/model/ruleCount.js';
import { ruleText } from '../../../verdict/rules/countedRules.js';
import { effectOf } from '../../../verdict/rules/ruleEffect.js';
import type { PhaseFinding, TraceFinding } from '../../../verdict/model/verdict.js';

/** What a rule did to the connections, as far as counters and the trace tell. */
export type RuleMark = 'blamed' | 'suspect' | 'idle' | 'none';

/** A rule of a node's packet filter, as listed at the end of the phase. */
export interface MarkedRule {
  readonly chain: string;
  readonly rule: string;
  /** Packets that it counted; undefined: it does not count. */
  readonly packets: number | undefined;
  /**
   * `blamed`: it turned packets away, or gave them another way, and counted or was traced doing so. `suspect`: it may have, and does not
   * count. `idle`: no packet matched it, although some came to its chain.
   */
  readonly mark: RuleMark;
}

/** One table of a node's packet filter. */
export interface FilterTable {
  readonly node: string;
  /** `ip filter`. */
  readonly table: string;
  readonly rules: readonly MarkedRule[];
}

/** The packet filters of a phase's nodes, table by table; nodes without rules are left out. */
export function filterTablesOf(
  { nodes }: PhaseEvidence,
  { numbers }: PhaseFinding,
  trace: TraceFinding | undefined,
): readonly FilterTable[] {
  return nodes.flatMap((node) => {
    const rules = (list: readonly { readonly node: string; readonly rule: string }[] = []) =>
      new Set(list.filter((each) => each.node === node.name).map(({ rule }) => rule));
    const blamed = rules([...numbers.rejected, ...(numbers.taken ?? []), ...(trace?.culprits ?? [])]);
    const marks = { blamed, suspect: rules(numbers.uncounted), idle: rules(numbers.idle) };
    return tablesOf(node).map(({ table, rules: listed }) => ({
      node: node.name,
      table,
      rules: listed.map((rule) => marked(rule, marks)),
    }));
  });
}

/** The tables that somebody has put something into: a rule, or a policy that turns packets away. */
function tablesOf({ rules }: NodeEvidence): { readonly table: string; readonly rules: RuleCount[] }[] {
  const tables = new Map<string, RuleCount[]>();
  for (const rule of rules) {
    const name = `${rule.family} ${rule.table}`;
    const known = tables.get(name);
    if (known === undefined) tables.set(name, [rule]);
    else known.push(rule);
  }
  return [...tables]
    .map(([table, listed]) => ({ table, rules: listed }))
    .filter(({ rules: listed }) =>
      listed.some((rule) => !rule.rule.startsWith('-P ') || effectOf(rule).turnsAway),
    );
}

function marked(
  rule: RuleCount,
  marks: Readonly<Record<Exclude<RuleMark, 'none'>, ReadonlySet<string>>>,
): MarkedRule {
  const text = ruleText(rule);
  const isOf = (mark: keyof typeof marks): boolean =>
    [...marks[mark]].some((each) => each === text || each.startsWith(`${text} (`));
  const mark = isOf('blamed') ? 'blamed' : isOf('suspect') ? 'suspect' : isOf('idle') ? 'idle' : 'none';
  return { chain: rule.chain, rule: rule.rule, packets: rule.packets, mark };
}
