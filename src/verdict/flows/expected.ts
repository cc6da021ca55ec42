import type { Bounds, Expectation, FlowExpectation, Outcome } from '../../scenario/expectation.js';
import { outOfBounds } from '../bounds.js';
import { formatSeconds } from '../naming.js';
import type { FlowNumbers } from '../types.js';
import { formatFlows } from './naming.js';
import { stuckOf } from './stuck.js';

/** The outcome that the flows must have: that of the connections beside them, unless they have one of their own. */
export function expectedOutcome({ outcome, flows }: Expectation): Outcome {
  return flows?.outcome ?? outcome;
}

/** What was expected of the flows and what they came to, in one sentence. */
export function flowSentence(expected: Expectation, flows: FlowNumbers): string {
  return `Flows: expected ${expectedOutcome(expected)}; found ${formatFlows(flows)}.`;
}

/** Where the flows are out of the bounds that they were given, one sentence each. */
export function flowComplaints({ flows: expected }: Expectation, flows: FlowNumbers): string[] {
  if (expected === undefined) return [];
  const complaints = [
    ...shareComplaints(expected, flows),
    ...socketComplaints(expected, flows),
    ...ipvsComplaints(expected, flows),
    ...latencyComplaints(expected, flows),
  ];
  return complaints.length === 0 ? [] : [...complaints, ...slowness(flows)];
}

/** Bounds are written for a rate. That it was not reached may be the machine's doing, or that of the rules. */
function slowness({ openedPerSecond, askedPerSecond }: FlowNumbers): string[] {
  if (openedPerSecond >= 0.9 * askedPerSecond) return [];
  const [made, asked] = [openedPerSecond, askedPerSecond].map(Math.round);
  return [
    `Flows were opened at ${made} a second, and the scenario asks for ${asked}: for its bounds this machine may be too slow, or too busy.`,
  ];
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
function socketComplaints({ sockets }: FlowExpectation, { peaks }: FlowNumbers): string[] {
  return Object.entries(sockets).flatMap(([state, bounds]) =>
    Object.entries(peaks).flatMap(([node, states]) =>
      atOnce(bounds, states[state] ?? 0, `${node} had at most`, `sockets of flows in ${state}`),
    ),
  );
}

function ipvsComplaints({ ipvs }: FlowExpectation, flows: FlowNumbers): string[] {
  return Object.entries(ipvs).flatMap(([state, bounds]) =>
    atOnce(bounds, flows.ipvs[state] ?? 0, 'IPVS had at most', `entries of flows in ${state}`),
  );
}

function atOnce(bounds: Bounds, peak: number, who: string, what: string): string[] {
  const amiss = outOfBounds(bounds, peak);
  return amiss === undefined ? [] : [`${who} ${peak} ${what} at one moment, ${amiss}.`];
}

function latencyComplaints({ connect, firstByte }: FlowExpectation, { latencies }: FlowNumbers): string[] {
  const times = [
    { bounds: connect, latency: latencies.connect, what: 'to connect' },
    { bounds: firstByte, latency: latencies.firstByte, what: 'to the first byte of the reply' },
  ];
  return times.flatMap(({ bounds, latency, what }) => {
    if (bounds === undefined) return [];
    if (latency === undefined) return [`No flow got as far as ${what}, so there is no time to compare.`];
    const amiss = outOfBounds(bounds, latency.p99, formatSeconds);
    return amiss === undefined
      ? []
      : [`Flows took ${formatSeconds(latency.p99)} ${what} (99th percentile), ${amiss}.`];
  });
}

function percent(value: number): string {
  return `${value} %`;
}
