import type { Family } from '../../contracts/words/network.js';
import type { UnmatchedName } from '../model/unmatchedName.js';
import { packetsAtHooks } from './lab/packetsAtHooks.js';
import { isOfFamily, type ServicePackets, reachedRules, refusesByPolicy } from './lab/reached.js';
import { type Checked, isOwn, type Part, placeIn } from './parts.js';
import type { FilterSource } from './rules/filterTexts.js';
import type { Rule } from './rules/rule.js';
import { familyText, otherFamilyText } from './sentences.js';
import type { RoleNodes } from './roleNodes.js';

/**
 * Rules of the other address family, which see none of the service's packets, unless rules of the service's family do the same. They count when
 * they would decide about the service if they were of its family.
 */
export function otherFamily(part: Part, node: RoleNodes, checked: Checked): readonly UnmatchedName[] {
  const { family } = checked.scenario.topology;
  const view = viewOf(family === 'ipv4' ? 'ipv6' : 'ipv4', node, checked);
  const foreign = foreignRules(part, view, family);
  const dropping = droppingSources(part, view);
  if (foreign.length === 0 && dropping.length === 0) return [];
  const own = ownRules(part, node, viewOf(family, node, checked));
  // Sites with IPv4 refuse all of IPv6 to be without it.
  const isOff = family === 'ipv4' && own.isThere;
  const found = foreign.flatMap(({ source, rule, isReached }): UnmatchedName[] => {
    const isLeft = rule.action.kind === 'refuse' ? !own.refuses && !(isOff && isOfAll(rule)) : !own.acts;
    const counts = isReached && isLeft;
    return own.isThere && !counts ? [] : [findingOf({ source, counts }, part, checked)];
  });
  const policies = own.refuses || isOff ? [] : dropping;
  return [...found, ...policies.map((source) => findingOf({ source, counts: true }, part, checked))];
}

function isOfAll({ asked }: Rule): boolean {
  return asked.every(({ kind }) => kind === 'family');
}

function viewOf(family: Family, { role, facts }: RoleNodes, { scenario }: Checked): ServicePackets {
  return { family, passages: packetsAtHooks(role, scenario), node: facts };
}

/** What rules of the service's family do. */
interface OwnRules {
  readonly isThere: boolean;
  /** Whether any does something to its packets. */
  readonly acts: boolean;
  readonly refuses: boolean;
}

/** What the rules of nodes of this role do to the service's packets; for a part of an event, what those of all events do. */
function ownRules({ path }: Part, { parts }: RoleNodes, view: ServicePackets): OwnRules {
  const isEvent = path[0] === 'events';
  const beside = parts.filter((one) => (one.path[0] === 'events') === isEvent);
  const rules = beside.flatMap((part) =>
    part.filters.rulesets.flatMap((ruleset) => {
      const reached = reachedRules(ruleset, view);
      const all = [...ruleset.chains.values()]
        .filter(({ families }) => families.includes(view.family))
        .flatMap((chain) => chain.rules);
      return all
        .filter((rule) => sourceOf(rule, part) !== undefined)
        .map((rule) => ({ rule, isReached: reached.has(rule) }));
    }),
  );
  const acting = rules.filter(({ isReached }) => isReached);
  const isDropped = beside.some((part) => droppingSources(part, view).length > 0);
  return {
    isThere: isDropped || rules.length > 0,
    acts: isDropped || acting.length > 0,
    refuses: isDropped || acting.some(({ rule }) => rule.action.kind === 'refuse'),
  };
}

/** Where a part has a rule itself. */
function sourceOf(rule: Rule, part: Part): FilterSource | undefined {
  const source = part.filters.sources.get(rule);
  return source !== undefined && isOwn(part, source) ? source : undefined;
}

/** A rule that no packet of the service meets, and whether it would do something to them, were they of its family. */
interface ForeignRule {
  readonly rule: Rule;
  readonly source: FilterSource;
  readonly isReached: boolean;
}

/** Rules in chains of the other family alone, and those of both families' chains that ask for it. */
function foreignRules(part: Part, view: ServicePackets, service: Family): readonly ForeignRule[] {
  return part.filters.rulesets.flatMap((ruleset) => {
    const chains = [...ruleset.chains].filter(([name, { families }]) =>
      isOfFamily(view.family, families, name),
    );
    if (chains.length === 0) return [];
    const reached = reachedRules(ruleset, view);
    const ofService = reachedRules(ruleset, { ...view, family: service });
    return chains.flatMap(([, { families, rules }]) => {
      const isShared = families.includes(service);
      return rules.flatMap((rule): ForeignRule[] => {
        const source = sourceOf(rule, part);
        const isReached = reached.has(rule);
        if (source === undefined || (isShared && (ofService.has(rule) || !isReached))) return [];
        return [{ rule, source, isReached }];
      });
    });
  });
}

/** Where a part makes a policy that refuses packets of a family. */
function droppingSources({ rules, filters }: Part, view: ServicePackets): readonly FilterSource[] {
  if (!filters.rulesets.some((ruleset) => refusesByPolicy(ruleset, view))) return [];
  const texts = [view.family === 'ipv4' ? 'rules' : 'rules6', 'nftables'] as const;
  const key = texts.find((one) => rules[one] !== undefined);
  if (key !== undefined) return [{ key, line: 1 }];
  const call = filters.calls.find(({ words }) =>
    words.some(({ text }) => /^(?:-P|--policy)$|policy drop/.test(text)),
  );
  return call === undefined ? [] : [{ key: 'commands', line: call.line + 1 }];
}

function findingOf(
  { source, counts }: { readonly source: FilterSource; readonly counts: boolean },
  part: Part,
  checked: Checked,
): UnmatchedName {
  const { family } = checked.scenario.topology;
  const other = familyText(family === 'ipv4' ? 'ipv6' : 'ipv4');
  const { key, line } = source;
  const isText = key === 'rules' || key === 'rules6';
  const isIptables = part.filters.calls.some((call) => call.line + 1 === line && call.iptables !== undefined);
  const tool = family === 'ipv4' ? 'iptables' : 'ip6tables';
  const hint = isText
    ? `under \`${family === 'ipv4' ? 'rules' : 'rules6'}\``
    : key === 'commands' && isIptables
      ? `through \`${tool}\``
      : `into a table \`${family === 'ipv4' ? 'ip' : 'ip6'}\` or \`inet\``;
  const rules = `${isText ? 'the' : 'these'} rules of the ${part.role} are ${other}'s`;
  const place = isText ? checked.placeOf([...part.path, key]) : placeIn(part, source, checked);
  const message = otherFamilyText(rules, family, hint);
  return { kind: 'family', name: other, place, lines: [], message, counts };
}
