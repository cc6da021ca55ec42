import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';
import type { RuleCount } from '../../evidence/model/ruleCount.js';
import { ruleText } from './countedRules.js';
import type { IdleRule } from '../model/verdict.js';

/** Docker's own rules for names have this address. Nobody wrote them; recordings of earlier versions have them on every node. */
const engineResolver = '127.0.0.11/32';

/**
 * Rules that matched no packet at all, in chains where another rule, or the policy, counted some; undefined when there are none. A rule
 * that does not count is not among them: nothing is known of it.
 */
export function idleRules({ nodes }: Pick<PhaseEvidence, 'nodes'>): readonly IdleRule[] | undefined {
  const found = nodes.flatMap((node) =>
    idleOn(node).map((rule) => ({ node: node.name, rule: ruleText(rule) })),
  );
  return found.length === 0 ? undefined : found;
}

function idleOn({ rules }: Pick<NodeEvidence, 'rules'>): readonly RuleCount[] {
  const busy = new Set(rules.filter(({ packets }) => (packets ?? 0) > 0).map(chainOf));
  return rules.filter(
    (rule) =>
      rule.packets === 0 &&
      !rule.rule.startsWith('-P ') &&
      !rule.rule.includes(` ${engineResolver} `) &&
      busy.has(chainOf(rule)),
  );
}

function chainOf({ family, table, chain }: RuleCount): string {
  return `${family} ${table} ${chain}`;
}
