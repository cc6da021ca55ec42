import type { Family } from '../../../contracts/words/network.js';
import type { Hook } from '../../../contracts/words/rules.js';
import type { Chain, Rule, Ruleset } from '../rules/rule.js';
import { isBlockList } from './blockList.js';
import { canMatch } from './canMatch.js';
import { unmatchedTerms } from './unmatchedTerms.js';
import type { NodeFacts } from './nodeFacts.js';
import type { PacketKind } from './packetsAtHooks.js';

/** The packets of a service, were they of this family. */
export interface ServicePackets {
  readonly family: Family;
  readonly passages: Readonly<Record<Hook, readonly PacketKind[]>>;
  readonly node: NodeFacts;
}

/** Whether a chain sees packets of a family; ARP finds the hosts of IPv4, and chains of bridges are looked at by nobody here. */
export function isOfFamily(family: Family, families: readonly Family[], name: string): boolean {
  return families.includes(family) || (family === 'ipv4' && name.startsWith('arp '));
}

/** The rules that do something to such packets, block lists aside. */
export function reachedRules({ chains }: Ruleset, packets: ServicePackets): ReadonlySet<Rule> {
  const { family, passages, node } = packets;
  const found = new Set<Rule>();
  const through = (chain: Chain, kind: PacketKind, seen: Set<Chain>): void => {
    if (seen.has(chain)) return;
    seen.add(chain);
    for (const rule of chain.rules) {
      const { asked, action } = rule;
      if (action.kind === 'nothing' || action.kind === 'return') continue;
      if (canMatch(rule, kind, node) === 'never') continue;
      const unmatched = asked.flatMap((one) => unmatchedTerms(one, node));
      if (isBlockList(asked, action, { unmatched, node, chains })) continue;
      if (action.kind !== 'jump' && action.kind !== 'goto') found.add(rule);
      else {
        const target = chains.get(action.chain);
        if (target !== undefined) through(target, kind, seen);
      }
    }
  };
  for (const [name, chain] of chains)
    if (chain.hook !== undefined && isOfFamily(family, chain.families, name))
      for (const kind of passages[chain.hook]) through(chain, { ...kind, family }, new Set());
  return found;
}

/** Whether a chain refuses such packets by its policy. */
export function refusesByPolicy({ chains }: Ruleset, { passages, family }: ServicePackets): boolean {
  return [...chains].some(
    ([name, chain]) =>
      chain.policy === 'drop' &&
      chain.hook !== undefined &&
      isOfFamily(family, chain.families, name) &&
      passages[chain.hook].length > 0,
  );
}
