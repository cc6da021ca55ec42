import type { Outcome } from '../../contracts/words/outcomes.js';
import type { Bounds, Expectation, FlowExpectation } from '../../scenario/model/expectation.js';
import { outOfBounds } from '../model/outOfBounds.js';
import { boundsText, measuredSecondsText } from '../model/expectationText.js';
import type { FlowNumbers } from '../model/verdict.js';
import { tolerated } from './toleratedShare.js';
import { flowFatesText } from './flowFatesText.js';
import { stuckOf } from './stuck.js';

/** The outcome that the flows must have: that of the connections beside them, unless they have one of their own. */
function expectedOutcome({ outcome, flows }: Expectation): Outcome {
  return flows?.outcome ?? outcome;
}

/** What was expected of the flows and what they came to, in one sentence. */
export function flowFindingText(expected: Expectation, flows: FlowNumbers): string {
  return `Flows: expected ${expectedOutcome(expected)}; found ${flowFatesText(flows)}.`;
}

/** Where flows are not as expected, one sentence each. */
export interface FlowComparison {
  /** Too few flows have the outcome, or numbers are out of the bounds that the scenario gives. */
  readonly complaints: readonly string[];
  /** Bounds that were missed while flows were opened more slowly than the scenario asks, with that rate: such a miss says nothing about the rules. */
  readonly unknown: readonly string[];
}

/** A bound that was missed, in a sentence. */
interface MissedBound {
  readonly sentence: string;
  /** Whether a machine that opens flows more slowly than asked would miss it, whatever the rules. */
  readonly needsRate: boolean;
}

/** Compares what the flows came to with what is expected of them. */
export function compareFlows(expectation: Expectation, flows: FlowNumbers): FlowComparison {
  const { flows: expected } = expectation;
  const mixed = outcomeComplaints(expectation, flows);
  if (expected === undefined) return { complaints: mixed, unknown: [] };
  const missed = [
    ...socketBounds(expected, flows),
    ...ipvsBounds(expected, flows),
    ...latencyBounds(expected, flows),
  ];
  const slow = slowness(flows);
  const unsure = missed.filter(({ needsRate }) => needsRate && slow !== undefined);
  const sure = missed.filter((bound) => !unsure.includes(bound));
  const sentences = (bounds: readonly MissedBound[]) => bounds.map(({ sentence }) => sentence);
  return {
    complaints: [...mixed, ...shareComplaints(expected, flows), ...sentences(sure)],
    unknown: slow === undefined || unsure.length === 0 ? [] : [...sentences(unsure), slow],
  };
}

/** Outcomes that a flow can only have once it tries to close. Flows that are held open on purpose are not counted against these. */
const ofClosing: readonly Outcome[] = ['close-blocked', 'data-lost'];

/**
 * All flows must have the outcome, unless the scenario says how many (`share`). Where it says so only of the connections beside them,
 * it is enough that the flows have it more often than any other.
 */
function outcomeComplaints(expectation: Expectation, flows: FlowNumbers): string[] {
  const expected = expectedOutcome(expectation);
  const { outcomes = {}, outcome, fates, opened } = flows;
  const known = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const total = ofClosing.includes(expected) ? known - fates.held : known;
  const count = outcomes[expected] ?? 0;
  const found = `found ${count} of ${total}${othersThan(expected, flows)}`;
  const share = expectation.flows?.share;
  if (share !== undefined) {
    const amiss = outOfBounds(share, total === 0 ? 0 : (100 * count) / total);
    // An outcome that no flow has is not the outcome, whatever bounds it from above.
    if (amiss === undefined && count > 0) return [];
    return [`Expected ${boundsText(share, percent)} of the flows ${expected}, ${found}.`];
  }
  if (expectation.connections !== undefined) {
    return outcome === expected ? [] : [`Expected most flows ${expected}, ${found}.`];
  }
  if (count > 0 && count >= total - tolerated(opened)) return [];
  return [`Expected all ${total} flows ${expected}, ${found}.`];
}

/** ` (2400 unreachable, 500 transfer-blocked)`: what else they came to. */
function othersThan(expected: Outcome, { outcomes = {} }: FlowNumbers): string {
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== expected);
  return others.length === 0
    ? ''
    : ` (${others.map(([outcome, count]) => `${count} ${outcome}`).join(', ')})`;
}

/** Says so when flows were opened at clearly less than the rate for which the scenario's bounds are written; undefined when they were not. */
function slowness({ openedPerSecond, askedPerSecond }: FlowNumbers): string | undefined {
  if (openedPerSecond >= 0.9 * askedPerSecond) return undefined;
  const [made, asked] = [openedPerSecond, askedPerSecond].map(Math.round);
  return `Flows were opened at ${made} a second, and the scenario asks for ${asked}: for its bounds this machine is too slow, or too busy. Run it alone (\`--lanes 1\`, nothing beside it), on a faster machine, or at a lower \`flows.rate\` with bounds for that.`;
}

function shareComplaints({ shares }: FlowExpectation, { fates, opened }: FlowNumbers): string[] {
  const counts = { ...fates, stuck: stuckOf(fates) };
  return Object.entries(shares).flatMap(([name, bounds]) => {
    const count = counts[name as keyof typeof shares];
    const amiss = outOfBounds(bounds, opened === 0 ? 0 : (100 * count) / opened, percent);
    return amiss === undefined ? [] : [`${count} of ${opened} flows were ${name}, ${amiss}.`];
  });
}

/** Each node that serves has to be within the bounds. */
function socketBounds({ sockets }: FlowExpectation, { peaks }: FlowNumbers): MissedBound[] {
  return Object.entries(sockets).flatMap(([state, bounds]) =>
    Object.entries(peaks).flatMap(([node, states]) =>
      atOnce(bounds, states[state] ?? 0, `${node} had at most`, `sockets of flows in ${state}`),
    ),
  );
}

function ipvsBounds({ ipvs }: FlowExpectation, flows: FlowNumbers): MissedBound[] {
  return Object.entries(ipvs).flatMap(([state, bounds]) =>
    atOnce(bounds, flows.ipvs[state] ?? 0, 'IPVS had at most', `entries of flows in ${state}`),
  );
}

/** Fewer flows a second leave fewer of them at one moment, but never more. */
function atOnce(bounds: Bounds, peak: number, who: string, what: string): MissedBound[] {
  const amiss = outOfBounds(bounds, peak);
  if (amiss === undefined) return [];
  const needsRate = peak < (bounds.atLeast ?? -Infinity);
  return [{ sentence: `${who} ${peak} ${what} at one moment, ${amiss}.`, needsRate }];
}

/** A machine that cannot keep up with the rate adds to every time. */
function latencyBounds({ connect, firstByte }: FlowExpectation, { latencies }: FlowNumbers): MissedBound[] {
  const times = [
    { bounds: connect, latency: latencies.connect, what: 'to connect' },
    { bounds: firstByte, latency: latencies.firstByte, what: 'to the first byte of the reply' },
  ];
  return times.flatMap(({ bounds, latency, what }) => {
    if (bounds === undefined) return [];
    if (latency === undefined) {
      const sentence = `No flow got as far as ${what}, so there is no time to compare.`;
      return [{ sentence, needsRate: false }];
    }
    const amiss = outOfBounds(bounds, latency.p99, measuredSecondsText);
    if (amiss === undefined) return [];
    const sentence = `Flows took ${measuredSecondsText(latency.p99)} ${what} (99th percentile), ${amiss}.`;
    return [{ sentence, needsRate: latency.p99 > (bounds.atMost ?? Infinity) }];
  });
}

function percent(value: number): string {
  return `${value} %`;
}
