import type { Family } from '../../contracts/words/network.js';
import { type Lacking, lackingOf } from './lacking.js';
import type { Passing } from './passages.js';
import type { Asked, Chain, Hook, PortRange, Rule, Ruleset } from './rules/rule.js';
import type { NodeFacts } from './nodeFacts.js';

/** The facts about a node that a walk through its chains needs. */
export interface Walk {
  readonly node: NodeFacts;
  readonly passages: Readonly<Record<Hook, readonly Passing[]>>;
  readonly family: Family;
  /** Whether connections have entries on this node, so that chains of nat behind PREROUTING see their first packets. */
  readonly hasEntries: boolean;
}

/** Rules that ask for something the node does not have, that packets of the service may reach, and that would decide something about them. */
export function decisiveRules({ chains }: Ruleset, walk: Walk): ReadonlySet<Rule> {
  const found = new Set<Rule>();
  for (const chain of chains.values()) {
    const { hook } = chain;
    if (hook === undefined || !chain.families.includes(walk.family)) continue;
    if (chain.isNat && hook !== 'PREROUTING' && !walk.hasEntries) continue;
    for (const passing of walk.passages[hook]) {
      walkChain(chain, { chains, passing, walk, found, above: [], known: new Map(), lastActing: new Map() });
    }
  }
  return found;
}

interface Step {
  readonly chains: Ruleset['chains'];
  readonly passing: Passing;
  readonly walk: Walk;
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
    const holds = mayHold(rule, step);
    if (holds === 'never') continue;
    const lacking = rule.asked.flatMap((asked) => lackingOf(asked, step.walk.node));
    const isAbout = lacking.some(({ how }) => how !== 'partly');
    if (isAbout && decides(chain, index, rule, lacking, inside)) step.found.add(rule);
    const left = follow(rule, inside);
    if (holds === 'always' && !isAbout && left !== 'goes on') return left;
  }
  return 'goes on';
}

function follow({ ending }: Rule, step: Step): Left {
  switch (ending.kind) {
    case 'accept':
    case 'refuse':
    case 'take':
      return 'ended';
    case 'return':
      return 'returned';
    case 'jump': {
      const target = step.chains.get(ending.chain);
      return target !== undefined && walkChain(target, step) === 'ended' ? 'ended' : 'goes on';
    }
    case 'goto': {
      const target = step.chains.get(ending.chain);
      return target !== undefined && walkChain(target, step) === 'ended' ? 'ended' : 'returned';
    }
    case 'change':
    case 'nothing':
      return 'goes on';
  }
}

/** Whether it would matter if the rule matched packets. */
function decides(
  chain: Chain,
  index: number,
  { ending }: Rule,
  lacking: readonly Lacking[],
  step: Step,
): boolean {
  const { kind } = ending;
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
  const target = kind === 'jump' ? step.chains.get(ending.chain) : undefined;
  if (target !== undefined && lastActingOf(target, step) < 0) return false;
  // Who is refused by address is not the lab's client, and the verdict is about that one.
  return !(
    refuses(ending, step) &&
    lacking.some(isStranger) &&
    isFromOutside(chain.rules[index]?.asked ?? [], step)
  );
}

/** Asked for by each of a chain's rules, of which there may be tens of thousands. */
function lastActingOf(chain: Chain, step: Step): number {
  const known = step.lastActing.get(chain);
  if (known !== undefined) return known;
  const last = chain.rules.findLastIndex((rule) => actsOn(rule, step, new Set()));
  step.lastActing.set(chain, last);
  return last;
}

function isStranger({ kind, how }: Lacking): boolean {
  return (kind === 'address' || kind === 'set') && how === 'cannot';
}

/** Whether addresses that are lacking are those that packets come from. */
function isFromOutside(asked: readonly Asked[], { walk }: Step): boolean {
  return asked.some(
    (one) =>
      (one.kind === 'address' || one.kind === 'set') &&
      one.side === 'source' &&
      lackingOf(one, walk.node).some(isStranger),
  );
}

function refuses(ending: Rule['ending'], step: Step): boolean {
  if (ending.kind === 'refuse') return true;
  if (ending.kind !== 'jump' && ending.kind !== 'goto') return false;
  const rules = step.chains.get(ending.chain)?.rules ?? [];
  const kinds = rules.map((rule) => rule.ending.kind);
  return kinds.includes('refuse') && kinds.every((kind) => kind === 'refuse' || kind === 'nothing');
}

/** Whether the rule may do something to packets of the kind, were it not for what it lacks. */
function actsOn(rule: Rule, step: Step, seen: Set<string>): boolean {
  if (rule.ending.kind === 'nothing' || mayHold(rule, step) === 'never') return false;
  if (rule.ending.kind === 'return') return false;
  if (rule.ending.kind !== 'jump' && rule.ending.kind !== 'goto') return true;
  const { chain } = rule.ending;
  if (seen.has(chain)) return false;
  seen.add(chain);
  const target = step.chains.get(chain);
  return target === undefined || target.rules.some((one) => actsOn(one, step, seen));
}

/** Whether a rule can take packets of the kind, what the node lacks left out of account. */
function mayHold({ asked }: Rule, { passing, walk }: Step): 'never' | 'perhaps' | 'always' {
  const each = asked.map((one) => holding(one, passing, walk.node));
  if (each.includes('never')) return 'never';
  return each.every((one) => one === 'always') ? 'always' : 'perhaps';
}

function holding(asked: Asked, passing: Passing, node: NodeFacts): 'never' | 'perhaps' | 'always' {
  const found = plainly(asked, passing, node);
  if (!asked.negated || found === 'perhaps') return found;
  return found === 'always' ? 'never' : 'always';
}

function plainly(asked: Asked, passing: Passing, node: NodeFacts): 'never' | 'perhaps' | 'always' {
  switch (asked.kind) {
    case 'protocol':
      return asked.names.some((name) => passing.protocols.includes(name)) ? 'always' : 'never';
    case 'ports': {
      if (passing.ports === undefined) return 'never';
      const { source, destination } = passing.ports;
      const sides = { source: [source], destination: [destination], either: [source, destination] }[
        asked.side
      ];
      const each = sides.map((ports) => portsHold(asked.ranges, ports));
      return each.includes('always') ? 'always' : each.includes('perhaps') ? 'perhaps' : 'never';
    }
    case 'interface': {
      if (asked.way === 'bridge') return 'perhaps';
      const devices = asked.way === 'in' ? passing.comesIn : passing.goesOut;
      const has = (device: string) =>
        asked.names.some(
          (name) => name === device || (name.endsWith('*') && device.startsWith(name.slice(0, -1))),
        );
      if (devices.every(has)) return 'always';
      // The service's packets never come by these; what is not there is what this is about.
      return asked.names.every((name) => ['lo', ...node.aside].includes(name)) ? 'never' : 'perhaps';
    }
    case 'address':
      return asked.ranges.some((range) => /^(?:0\.0\.0\.0|::)\/0$/.test(range)) ? 'always' : 'perhaps';
    case 'mark':
    case 'set':
    case 'user':
    case 'other':
      return 'perhaps';
  }
}

function portsHold(
  ranges: readonly PortRange[],
  ports: readonly PortRange[],
): 'never' | 'perhaps' | 'always' {
  const isWithin = ([from, to]: PortRange) => ranges.some(([first, last]) => first <= from && to <= last);
  if (ports.every(isWithin)) return 'always';
  const meets = ([from, to]: PortRange) => ranges.some(([first, last]) => first <= to && from <= last);
  return ports.some(meets) ? 'perhaps' : 'never';
}
