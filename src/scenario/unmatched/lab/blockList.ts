import { BlockList, isIP } from 'node:net';
import type { Chain, Condition, RuleAction, MatchTerm } from '../rules/rule.js';
import { unmatchedTerms } from './unmatchedTerms.js';
import type { UnmatchedTerm } from './unmatchedTerm.js';
import type { NodeFacts } from './nodeFacts.js';

/** What a rule is looked at with. */
interface RuleContext {
  /** What the rule asks for and the node does not have. */
  readonly unmatched: readonly UnmatchedTerm[];
  readonly node: NodeFacts;
  readonly chains: ReadonlyMap<string, Chain>;
}

/**
 * Whether a rule refuses hosts that the lab does not have for who they are, by their source. A rule that names a private network is none, because
 * sites have such hosts themselves. Neither is one that asks for a state, or for something else that the lab lacks.
 */
export function isBlockList(
  asked: readonly MatchTerm[],
  action: RuleAction,
  { unmatched, node, chains }: RuleContext,
): boolean {
  if (!refuses(action, chains)) return false;
  const isOfStrangers = unmatched.every((one) => isStranger(one) || one.how === 'partly');
  const sources = asked.filter((one) => isOfSource(one) && unmatchedTerms(one, node).some(isStranger));
  if (!isOfStrangers || sources.length === 0) return false;
  return !asksForState(asked, action, chains) && !sources.some((one) => hasPrivateNetwork(one, node));
}

function isStranger({ kind, how }: UnmatchedTerm): boolean {
  return ['address', 'set', 'mac'].includes(kind) && how === 'cannot';
}

function isOfSource(condition: Condition): boolean {
  if (condition.kind === 'address' || condition.kind === 'mac') return condition.side === 'source';
  if (condition.kind === 'set') return condition.sides.includes('source');
  return condition.kind === 'tuples' && condition.tuples.some((tuple) => tuple.some(isOfSource));
}

function refuses(action: RuleAction, chains: RuleContext['chains']): boolean {
  if (action.kind === 'refuse') return true;
  const kinds = rulesBehind(action, chains).map((rule) => rule.action.kind);
  return kinds.includes('refuse') && kinds.every((kind) => kind === 'refuse' || kind === 'nothing');
}

function asksForState(
  asked: readonly MatchTerm[],
  action: RuleAction,
  chains: RuleContext['chains'],
): boolean {
  const behind = rulesBehind(action, chains).filter((rule) => rule.action.kind === 'refuse');
  return [asked, ...behind.map((rule) => rule.asked)].some((terms) =>
    terms.some(({ kind }) => kind === 'state'),
  );
}

function rulesBehind(action: RuleAction, chains: RuleContext['chains']): Chain['rules'] {
  return action.kind === 'jump' || action.kind === 'goto' ? (chains.get(action.chain)?.rules ?? []) : [];
}

/** Networks of RFC 1918 and RFC 4193. */
const privateNetworks = new BlockList();
privateNetworks.addSubnet('10.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('172.16.0.0', 12, 'ipv4');
privateNetworks.addSubnet('192.168.0.0', 16, 'ipv4');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');

function hasPrivateNetwork(condition: Condition, node: NodeFacts): boolean {
  const { kind } = condition;
  if (kind === 'address') return condition.ranges.some(isPrivateNetwork);
  if (kind === 'tuples')
    return condition.tuples.some((tuple) => tuple.some((one) => hasPrivateNetwork(one, node)));
  const elements = kind === 'set' ? (node.sets.get(condition.name)?.elements ?? []) : [];
  return elements.some(({ keys }) => keys.some(({ text }) => isPrivateNetwork(text)));
}

/** A single host's address is none, whether a length is said or not. */
function isPrivateNetwork(range: string): boolean {
  const [, base = '', length = ''] = /^([\da-f.:]+)[/-]([\da-f.:]+)$/i.exec(range) ?? [];
  const family = isIP(base);
  if (family === 0 || ['32', '128', '255.255.255.255', base].includes(length)) return false;
  return privateNetworks.check(base, family === 6 ? 'ipv6' : 'ipv4');
}
