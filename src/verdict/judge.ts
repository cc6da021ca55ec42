import type { RuleCount, ScenarioEvidence } from '../evidence/types.js';
import type { Expectation, Signal } from '../scenario/expectation.js';
import { findingOf } from './finding.js';
import { formatExpectation, formatFates, formatSeconds, formatSignal } from './naming.js';
import { rejectingRules } from './rules.js';
import type { PhaseFinding, Verdict } from './types.js';

/**
 * Judges a scenario's evidence against an expectation. Pure: the same evidence gives the same verdict. `inconclusive` when
 * either phase is not sound or the control was not healthy; only then are outcome and signal compared.
 */
export function judge(expected: Expectation, evidence: ScenarioEvidence): Verdict {
  const control = evidence.control && findingOf(evidence.control);
  const measured = evidence.measured && findingOf(evidence.measured);
  const found = { scenario: evidence.scenario, expected, control, measured };
  const doubts = [
    ...controlDoubts(control),
    ...suspects(evidence.control?.engineHost),
    ...(measured?.unsound ?? []),
  ];
  if (measured === undefined) {
    return { ...found, result: 'inconclusive', reasons: [...doubts, 'The measured run never took place.'] };
  }
  if (doubts.length > 0) return { ...found, result: 'inconclusive', reasons: doubts };
  const matches = measured.outcome === expected.outcome && isExpectedSignal(expected.signal, measured.signal);
  const connectComplaints = outOfBounds(expected, measured);
  const sentences = [
    `Expected ${formatExpectation(expected)}; found ${describe(measured)}.`,
    ...connectComplaints,
    `The control run without rules was healthy.`,
  ];
  return {
    ...found,
    result: matches && connectComplaints.length === 0 ? 'pass' : 'fail',
    reasons: sentences,
  };
}

/** Rules of the engine's own namespace that may have taken the lab's packets, one sentence each. */
function suspects(engineHost: readonly RuleCount[] = []): string[] {
  return rejectingRules({ rules: engineHost })
    .filter(({ packets }) => packets !== 0)
    .map(({ family, table, chain, rule, packets }) => {
      const counted = packets === undefined ? 'it has no counter' : `${packets} packets`;
      return `In the engine's own network namespace, table ${family} ${table} has in chain ${chain} the rule \`${rule}\` (${counted}).`;
    });
}

/** What is wrong with the time that connect() took, if it was bounded; at most one sentence. */
function outOfBounds({ connect }: Expectation, { numbers }: PhaseFinding): string[] {
  if (connect === undefined) return [];
  const { atLeast = 0, atMost = Infinity } = connect;
  if (numbers.connect === undefined) return ['No connect() succeeded, so it has no time to compare.'];
  const { median } = numbers.connect;
  if (median < atLeast)
    return [
      `connect() took ${formatSeconds(median)} (median), less than the ${formatSeconds(atLeast)} expected.`,
    ];
  if (median > atMost)
    return [
      `connect() took ${formatSeconds(median)} (median), more than the ${formatSeconds(atMost)} expected.`,
    ];
  return [];
}

function controlDoubts(control: PhaseFinding | undefined): string[] {
  if (control === undefined) {
    return ['There was no control run, so nothing shows that the lab itself lets connections through.'];
  }
  const doubts = control.unsound.map((reason) => `Control run: ${reason}`);
  if (control.outcome !== 'healthy' && control.outcome !== undefined) {
    doubts.push(
      `The control run, without any rules, was not healthy: ${describe(control)}. Something outside the scenario interferes, for example the engine host's own netfilter through br_netfilter.`,
    );
  }
  return doubts;
}

/** `close-blocked with ICMP 3/10 (host-prohibited) from director (7 of 10 connections close-blocked, 3 healthy)`. */
function describe({ outcome, signal, numbers }: PhaseFinding): string {
  const what = outcome ?? 'no outcome';
  const how = outcome === 'healthy' || outcome === undefined ? '' : ` with ${formatSignal(signal)}`;
  return `${what}${how} (${formatFates(numbers.fates, numbers.connections)})`;
}

function isExpectedSignal(expected: Signal | undefined, actual: Signal): boolean {
  if (expected === undefined) return true;
  switch (expected.kind) {
    case 'icmp':
      return (
        actual.kind === 'icmp' &&
        actual.type === expected.type &&
        actual.code === expected.code &&
        actual.from === expected.from
      );
    case 'tcp-reset':
      return actual.kind === 'tcp-reset' && actual.from === expected.from;
    case 'silence':
      return actual.kind === 'silence';
  }
}
