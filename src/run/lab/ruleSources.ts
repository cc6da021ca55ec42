import { relative } from 'node:path';
import type { RuleKey } from '../../contracts/words/rules.js';
import { ruleKeys } from '../../contracts/words/rules.js';
import type { RuleSource } from '../../evidence/model/tracedRecord.js';
import { shownRuleFile, type TextPlace } from '../../scenario/model/place.js';
import type { NodePlan, PlannedRules } from '../../scenario/model/planTypes.js';
import type { PlannedLab } from './plannedLab.js';

/** The texts of the packet filter that a node loads in this plan, those of events behind the others, and where each is written. */
export function ruleSources(
  { plan, source }: PlannedLab,
  node: NodePlan,
  cwd: string,
): readonly RuleSource[] {
  const fromCwd = relative(cwd, source.file);
  const shown = fromCwd.startsWith('..') ? source.file : fromCwd;
  const placed = (kind: RuleKey, text: string, path: string): RuleSource[] => {
    const own = path.startsWith(`${node.role}.`) ? path.replace(node.role, `nodes.${node.name}`) : path;
    const place = source.places[own] ?? source.places[path];
    return place === undefined ? [] : [sourceAt(shown, place, { kind, text })];
  };
  const of = ({ texts }: PlannedRules, part: string): RuleSource[] =>
    ruleKeys.flatMap((kind) => {
      const text = texts[kind];
      if (text === undefined) return [];
      if (kind !== 'commands') return placed(kind, text, `${part}.${kind}`);
      const lines = text.split('\n');
      return lines.flatMap((line, index) => placed(kind, line, `${part}.commands.${index}`));
    });
  const events = plan.events.flatMap(({ steps }, index) =>
    steps.flatMap((step) =>
      step.node === node.name && step.rules !== undefined ? of(step.rules, `events.${index}`) : [],
    ),
  );
  return [...(node.rules === undefined ? [] : of(node.rules, node.role)), ...events];
}

function sourceAt(
  shown: string,
  place: TextPlace,
  { kind, text }: Pick<RuleSource, 'kind' | 'text'>,
): RuleSource {
  const { file, line } = place.text ?? place;
  return {
    ...{ kind, text, line },
    file: file === undefined ? shown : shownRuleFile(shown, file),
    byLine: place.text !== undefined,
  };
}
