import type { Family } from '../../../contracts/words/network.js';
import { unmatchedTerms, unmatchedUses } from './unmatchedTerms.js';
import type { UnmatchedTerm } from './unmatchedTerm.js';
import type { PacketKind } from './packetsAtHooks.js';
import { isBlockList } from './blockList.js';
import { canMatch } from './canMatch.js';
import type { Hook } from '../../../contracts/words/rules.js';
import type { Chain, Rule, Ruleset } from '../rules/rule.js';
import type { NodeFacts } from './nodeFacts.js';

/** The facts about a node that a walk through its chains needs. */
export interface NodeView {
  readonly node: NodeFacts;
  readonly passages: Readonly<Record<Hook, readonly PacketKind[]>>;
  readonly family: Family;
  /** Whether connections have entries on this node, so that chains of nat behind PREROUTING see their first packets. */
  readonly hasEntries: boolean;
}

/**
 * Rules that name something the node does not have, that packets of the service may reach, and that decide something about them, or would if
 * it were there.
 */
export function decisiveRules({ chains }: Ruleset, walk: NodeView): ReadonlySet<Rule> {
  const found = new Set<Rule>();
  for (const chain of chains.values()) {
    const { hook } = chain;
    if (hook === undefined || !chain.families.includes(walk.family)) continue;
    if (chain.isNat && hook !== 'PREROUTING' && !walk.hasEntries) continue;
    const outsiders = walk.passages[hook].filter(({ from }) => from === 'outside');
    const others = walk.passages[hook].filter(({ from }) => from !== 'outside');
    const blocked = new Set<Rule>();
    for (const passing of [...outsiders, ...others]) {
      const mayBeOutside = passing.from === 'outside' || (passing.from === 'either' && outsiders.length > 0);
      const maps = { known: new Map(), lastActing: new Map() };
      walkChain(chain, { chains, passing, mayBeOutside, blocked, walk, found, above: [], ...maps });
    }
  }
  return found;
}

interface Step {
  readonly chains: Ruleset['chains'];
  readonly passing: PacketKind;
  /** Whether such packets come from hosts outside, at this hook. */
  readonly mayBeOutside: boolean;
  /** Block lists of hosts outside, which the lab does not have. Met by packets from there first, they are block lists for the site's own packets as well. */
  readonly blocked: Set<Rule>;
  readonly walk: NodeView;
  readonly found: Set<Rule>;
  readonly above: readonly Chain[];
  /** What was found of chains that were walked through: files have many ways to one chain. */
  readonly known: Map<Chain, Left>;
  /** The last rule of each chain that acts on the packets, as far as it was asked for; -1: none does. */
  readonly lastActing: Map<Chain, number>;
}

/** How packets leave a chain: at its end, by RETURN, or by a final verdict. */
type Left = 'goes on' | 'returned' | 'ended';

function walkChain(chain: Chain, step: Step): Left {
  if (step.above.includes(chain)) return 'goes on';
  const known = step.known.get(chain) ?? throughChain(chain, step);
  step.known.set(chain, known);
  return known;
}

function throughChain(chain: Chain, step: Step): Left {
  const inside = { ...step, above: [...step.above, chain] };
  for (const [index, rule] of chain.rules.entries()) {
    const holds = mayHoldHere(rule, step);
    if (holds === 'never') continue;
    const unmatched = rule.asked.flatMap((asked) => unmatchedTerms(asked, step.walk.node));
    const isAbout = unmatched.some(({ how }) => how !== 'partly');
    if (isAbout && decides({ chain, index, rule }, unmatched, inside)) step.found.add(rule);
    // Where a packet is sent decides what becomes of it; a copy, or a place in a set, does not.
    if (rule.action.kind === 'take' && unmatchedUses(rule.uses, step.walk.node).length > 0)
      step.found.add(rule);
    const left = follow(rule, inside);
    if (holds === 'always' && !isAbout && left !== 'goes on') return left;
  }
  return 'goes on';
}

function follow({ action }: Rule, step: Step): Left {
  switch (action.kind) {
    case 'accept':
    case 'refuse':
    case 'take':
      return 'ended';
    case 'return':
      return 'returned';
    case 'jump': {
      const target = step.chains.get(action.chain);
      return target !== undefined && walkChain(target, step) === 'ended' ? 'ended' : 'goes on';
    }
    case 'goto': {
      const target = step.chains.get(action.chain);
      return target !== undefined && walkChain(target, step) === 'ended' ? 'ended' : 'returned';
    }
    case 'change':
    case 'nothing':
      return 'goes on';
  }
}

/** Whether it would matter if the rule matched packets. */
function decides(
  { chain, index, rule }: { readonly chain: Chain; readonly index: number; readonly rule: Rule },
  unmatched: readonly UnmatchedTerm[],
  step: Step,
): boolean {
  const { action, asked } = rule;
  const { kind } = action;
  if (kind === 'nothing') return false;
  const actsBehind = (): boolean => lastActingOf(chain, step) > index;
  if (kind === 'return' && chain.hook === undefined) return actsBehind();
  if (
    (kind === 'accept' || kind === 'return') &&
    chain.hook !== undefined &&
    chain.policy === 'accept' &&
    !actsBehind()
  )
    return false;
  const target = kind === 'jump' ? step.chains.get(action.chain) : undefined;
  if (target !== undefined && lastActingOf(target, step) < 0) return false;
  if (!isBlockList(asked, action, { unmatched, node: step.walk.node, chains: step.chains })) return true;
  // Who is refused by address is not the lab's client, and the verdict is about that one.
  if (step.mayBeOutside) step.blocked.add(rule);
  return !step.blocked.has(rule);
}

/** Asked for by each of a chain's rules, of which there may be tens of thousands. */
function lastActingOf(chain: Chain, step: Step): number {
  const known = step.lastActing.get(chain);
  if (known !== undefined) return known;
  const last = chain.rules.findLastIndex((rule) => actsOn(rule, step, new Set()));
  step.lastActing.set(chain, last);
  return last;
}

/** Whether the rule may do something to packets of the kind, were it not for what it lacks. */
function actsOn(rule: Rule, step: Step, seen: Set<string>): boolean {
  if (rule.action.kind === 'nothing' || mayHoldHere(rule, step) === 'never') return false;
  if (rule.action.kind === 'return') return false;
  if (rule.action.kind !== 'jump' && rule.action.kind !== 'goto') return true;
  const { chain } = rule.action;
  if (seen.has(chain)) return false;
  seen.add(chain);
  const target = step.chains.get(chain);
  return target === undefined || target.rules.some((one) => actsOn(one, step, seen));
}

function mayHoldHere(rule: Rule, { passing, walk }: Step) {
  return canMatch(rule, passing, walk.node);
}
