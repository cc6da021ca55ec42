import { isHealthy } from '../contracts/words/outcomes.js';
import type {
  NodeEvidence,
  PhaseEvidence,
  TraceEvidence,
  TracedDecision,
} from '../evidence/model/evidence.js';
import { effectOf } from './rules/ruleEffect.js';
import { ruleText } from './rules/countedRules.js';
import type { PhaseFinding, TraceFinding } from './model/verdict.js';

/**
 * The nodes whose rules should be asked, by a trace, what they do with packets: those with rules that do not count, where connections were
 * blocked and what other rules counted does not explain it. None: nothing is left to ask.
 */
export function nodesToTrace({ outcome, numbers }: PhaseFinding): string[] {
  if (isHealthy(outcome)) return [];
  const { healthy = 0, answered = 0 } = numbers.fates;
  const counted = numbers.rejected.reduce((sum, { packets }) => sum + packets, 0);
  if (counted >= Math.max(1, numbers.connections - healthy - answered)) return [];
  return [...new Set((numbers.uncounted ?? []).map(({ node }) => node))];
}

/** Which rules turned away, or took, what was traced. */
export function traceFindingOf(trace: TraceEvidence, measured: PhaseEvidence): TraceFinding {
  const against = trace.nodes.flatMap(({ name, decisions }) =>
    decisions
      .filter((decision) => decision.verdict === 'drop' || effectOf(decision).takes)
      .map((decision) => ({ name, decision })),
  );
  const culprits = against.map(({ name, decision }) => ({
    node: name,
    rule: nameOf(
      decision,
      measured.nodes.find((one) => one.name === name),
    ),
    packet: decision.packet,
    packets: decision.packets,
  }));
  return {
    connections: trace.connections,
    lost: new Set(against.flatMap(({ decision }) => decision.clients)).size,
    // A run ends its trace as soon as the load is over and a packet has been dropped.
    untilDrop: against.some(({ decision }) => decision.verdict === 'drop'),
    nodes: trace.nodes.map(({ name }) => name),
    culprits: culprits.sort((one, other) => other.packets - one.packets),
    problems: trace.problems,
  };
}

/** The rule as the node lists it (an iptables rule in iptables' words), followed by the elements of its verdict map if it has one. */
function nameOf(decision: TracedDecision, node: NodeEvidence | undefined): string {
  const listed = node?.rules.find(
    (rule) =>
      rule.family === decision.family &&
      rule.table === decision.table &&
      rule.chain === decision.chain &&
      (rule.listedAs ?? rule.rule) === decision.rule,
  );
  const rule = listed ?? { ...decision, packets: undefined };
  const inline = rule.elements === undefined ? effectOf(rule).elements : undefined;
  return inline === undefined ? ruleText(rule) : `${ruleText(rule)} (${inline.join(', ')})`;
}
