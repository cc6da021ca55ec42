import type { RuleCount } from '../../../evidence/model/ruleCount.js';
import type { TracedStep } from '../../../evidence/model/traced.js';
import type { RuleSource } from '../../../evidence/model/tracedRecord.js';
import { ruleText } from '../../rules/countedRules.js';
import { iptablesTarget } from '../../rules/iptablesTarget.js';
import { effectOf, isIptables } from '../../rules/ruleEffect.js';
import { writtenRules, type WrittenRule, type WrittenRules } from './writtenRules.js';

/** A rule that a packet met: as the node lists it, and as its author wrote it. */
export interface KnownRule {
  readonly rule: RuleCount;
  /** For people. */
  readonly text: string;
  /** Where it is written; undefined: no line of the author's is it for certain. */
  readonly written: WrittenRule | undefined;
}

/** What the lab put into the packet filter to follow packets. */
const ownTable = 'lvs-lab-trace';
const ownChain = 'LVS-LAB-TRACE';

/** The rules of a node, by what a trace calls them. */
export class NodeRules {
  readonly #written: WrittenRules;
  readonly rules: readonly RuleCount[];

  constructor(listed: readonly RuleCount[], sources: readonly RuleSource[]) {
    this.#written = writtenRules(sources);
    this.rules = listed.filter(
      ({ table, chain, rule }) =>
        table !== ownTable && chain !== ownChain && !rule.endsWith(` -j ${ownChain}`),
    );
  }

  /** The rule of a step. One that the listing does not have is told in the trace's words. */
  of(step: TracedStep): KnownRule {
    const rule = this.#listed(step) ?? { ...step, rule: String(step.rule), packets: undefined };
    return { rule, text: ruleText(rule), written: this.#place(rule) };
  }

  /** Whether a packet ends with this step, and goes no further. */
  turnsAway(step: TracedStep): boolean {
    if (step.verdict !== undefined) return step.verdict === 'drop';
    return effectOf(this.of(step).rule).turnsAway;
  }

  /** The rule that another listing of the same rules has in the same place. */
  like(rule: RuleCount): RuleCount | undefined {
    return this.rules.find(
      (one) =>
        one.family === rule.family &&
        one.table === rule.table &&
        one.chain === rule.chain &&
        one.rule === rule.rule,
    );
  }

  /** The rules of the chain, without its policy, in their order. */
  inChain({ family, table, chain }: Pick<RuleCount, 'family' | 'table' | 'chain'>): readonly RuleCount[] {
    return this.rules.filter(
      (one) =>
        one.family === family && one.table === table && one.chain === chain && !one.rule.startsWith('-P '),
    );
  }

  #listed(step: TracedStep): RuleCount | undefined {
    const { family, table, chain, rule } = step;
    if (typeof rule === 'number') return this.inChain(step)[rule - 1];
    const isPolicy = rule.startsWith('-P ');
    return this.rules.find(
      (one) =>
        one.family === family &&
        one.table === table &&
        one.chain === chain &&
        (isPolicy ? one.rule.startsWith(`-P ${chain} `) : (one.listedAs ?? one.rule) === rule),
    );
  }

  #place(rule: RuleCount): WrittenRule | undefined {
    const key = `${rule.family} ${rule.table} ${rule.chain}`;
    if (rule.rule.startsWith('-P ')) return this.#written.policies.get(key);
    const written = this.#written.chains.get(key) ?? [];
    const listed = this.inChain(rule);
    const at = listed.indexOf(rule);
    const same = at >= 0 && listed.length === written.length ? written[at] : undefined;
    if (same !== undefined && isAlike(rule, same)) return same;
    const alike = written.filter(({ text }) => wordsOf(text) === wordsOf(rule.rule));
    return alike.length === 1 ? alike[0] : undefined;
  }
}

/** Whether both send packets to the same place: what else a rule asks has many spellings. */
function isAlike({ rule }: RuleCount, { text }: WrittenRule): boolean {
  if (!isIptables(rule)) return true;
  return iptablesTarget(rule)?.name === iptablesTarget(text)?.name;
}

const wordsOf = (text: string): string => text.split(/\s+/).sort().join(' ');
