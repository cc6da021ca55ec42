import { matchesOf, type Question } from '../../syntax/iptables/iptablesMatches.js';
import type { Option } from '../../syntax/iptables/iptablesOptions.js';
import { type TargetKind, targetKind } from '../../syntax/iptables/iptablesTargets.js';
import type { RuleTarget, WrittenRule } from '../../syntax/iptables/iptablesText.js';
import { conditionOf } from './conditions.js';
import { markSettings } from './iptablesMarks.js';
import type { Condition, RuleAction, MarkSetting, MatchTerm, Rule } from './rule.js';
import { usesOf } from './targets.js';

/** What a rule asks and does, and the marks that it sets. `keyOf` gives the key of a chain that it may lead to. */
export function iptablesRule(
  { at, options: written, target }: WrittenRule<number>,
  keyOf: (name: string) => string,
): { readonly rule: Rule; readonly marks: readonly MarkSetting[] } {
  const asked = askedIn(written);
  if (target === undefined)
    return { rule: { line: at, asked, action: { kind: 'nothing' }, uses: [] }, marks: [] };
  const { name, options: ofTarget } = target;
  return {
    rule: { line: at, asked, action: actionOf(target, keyOf), uses: usesOf(name, ofTarget) },
    marks: markSettings(name, ofTarget),
  };
}

function askedIn(written: readonly Option[]): readonly MatchTerm[] {
  return matchesOf(written).flatMap(({ asksItself, questions }) => [
    ...(asksItself ? [{ kind: 'other', negated: false } as const] : []),
    ...questions.map(({ option: { negated }, asked }) => ({ ...conditionFor(asked), negated })),
  ]);
}

function conditionFor(asked: Question['asked']): Condition {
  return asked.kind === 'value' ? conditionOf(asked.subject, asked.values, asked.mask) : asked;
}

const actions: Readonly<Record<TargetKind, Exclude<RuleAction['kind'], 'jump' | 'goto'>>> = {
  accept: 'accept',
  return: 'return',
  refuse: 'refuse',
  divert: 'take',
  source: 'take',
  mark: 'change',
  track: 'change',
  answer: 'change',
  change: 'change',
  note: 'nothing',
};

function actionOf({ name, isGoto }: RuleTarget, keyOf: (name: string) => string): RuleAction {
  const kind = targetKind(name);
  if (isGoto || kind === undefined) return { kind: isGoto ? 'goto' : 'jump', chain: keyOf(name) };
  return { kind: actions[kind] };
}
