import type { UnmatchedName } from '../model/unmatchedName.js';
import { unmatchedTerms, unmatchedUses } from './lab/unmatchedTerms.js';
import { packetsAtHooks } from './lab/packetsAtHooks.js';
import { allForwardings } from '../model/virtualServices.js';
import { type Checked, isOwn, type Part, placeIn } from './parts.js';
import { unmatchedMessageText } from './sentences.js';
import { isSettled, type RoleNodes } from './roleNodes.js';
import { decisiveRules, type NodeView } from './lab/decisiveRules.js';

/** The names in the rules of a part that its nodes do not have. */
export function namesInRules(part: Part, node: RoleNodes, checked: Checked): readonly UnmatchedName[] {
  const { filters } = part;
  const { role, facts } = node;
  const { scenario } = checked;
  const walk: NodeView = {
    node: facts,
    passages: packetsAtHooks(role, scenario),
    family: scenario.topology.family,
    hasEntries: keepsEntries(node, checked),
  };
  const decisive = new Set(filters.rulesets.flatMap((ruleset) => [...decisiveRules(ruleset, walk)]));
  return [...filters.sources].flatMap(([rule, source]) => {
    if (!isOwn(part, source)) return [];
    const place = placeIn(part, source, checked);
    return [
      ...rule.asked.flatMap((asked) => unmatchedTerms(asked, facts)),
      ...unmatchedUses(rule.uses, facts),
    ]
      .filter((unmatched) => !isSettled(unmatched, node))
      .map((unmatched): UnmatchedName => {
        const { kind, name } = unmatched;
        // In a file of rules nobody fills it in: there it is a name like others.
        const isComputed = kind === 'interface' && source.key === 'commands' && name.includes('$');
        const how = isComputed ? 'computed' : unmatched.how;
        const message = unmatchedMessageText({ kind, name, how }, role, facts.interfaces);
        const counts = decisive.has(rule) && how !== 'partly' && how !== 'computed';
        return { kind, name, lines: [], message, place, counts };
      });
  });
}

/** Whether the nodes keep conntrack entries of the service's connections; a director does only where it is told to, or sees the replies. */
function keepsEntries({ role, parts }: RoleNodes, { scenario: { topology } }: Checked): boolean {
  if (role !== 'director') return true;
  if (allForwardings(topology).has('nat') || topology.replies === 'director' || topology.localRealserver)
    return true;
  const names = parts.flatMap(({ sysctls, rules }) => [...Object.keys(sysctls), ...rules.commands]);
  return names.some((name) => /vs[./]conntrack/.test(name));
}
