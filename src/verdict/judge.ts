import { isHealthy, isServed } from '../contracts/words/outcomes.js';
import type { ScenarioEvidence } from '../evidence/model/evidence.js';
import type { RuleCount } from '../evidence/model/ruleCount.js';
import type { Expectation, Signal } from '../scenario/model/expectation.js';
import { outOfBounds } from './model/outOfBounds.js';
import { connectDoubts } from './doubts/connectDoubts.js';
import { evidenceDoubts } from './doubts/evidenceDoubts.js';
import { partComplaints } from './expectedParts.js';
import { findingOf } from './finding.js';
import { compareFlows, flowFindingText } from './flows/flowExpectation.js';
import { flowFatesText } from './flows/flowFatesText.js';
import { expectationText, fateCountsText, measuredSecondsText, signalText } from './model/expectationText.js';
import { rejectedBy, rejectingRules } from './rules/countedRules.js';
import { shareComplaint } from './shareComplaint.js';
import { traceFindingOf } from './traceFinding.js';
import { blameText, isExpectedBlame } from './explanation/blameText.js';
import { explain } from './explanation/explain.js';
import type { Explanation, PhaseFinding, Verdict } from './model/verdict.js';
import { unmatchedDoubts } from './doubts/unmatchedDoubts.js';

/**
 * Judges a scenario's evidence against an expectation. Pure: the same evidence gives the same verdict. `inconclusive` when
 * either phase is not sound or the control was not healthy; only otherwise are outcomes, signal and bounds compared.
 */
export function judge(expected: Expectation, evidence: ScenarioEvidence): Verdict {
  const control = evidence.control && findingOf(evidence.control);
  const measured = evidence.measured && findingOf(evidence.measured);
  const trace = evidence.trace && evidence.measured && traceFindingOf(evidence.trace, evidence.measured);
  const explanation =
    evidence.traced &&
    measured &&
    explain(evidence.traced, measured, evidence.traced.phase && findingOf(evidence.traced.phase));
  const found = { scenario: evidence.scenario, expected, control, measured, trace, explanation };
  const doubts = [
    ...evidenceDoubts(evidence.problems),
    ...(evidence.unread?.includes('control') === true ? [] : controlDoubts(control)),
    ...suspects(evidence.control?.engineHost),
    ...(measured?.unsound ?? []),
    ...(measured === undefined ? [] : connectDoubts(expected.connect, measured.numbers)),
    ...unmatchedDoubts(evidence.unmatched),
  ];
  if (measured === undefined) {
    const why = evidence.unread?.includes('measured') === true ? [] : ['The measured run never took place.'];
    return { ...found, result: 'inconclusive', reasons: [...doubts, ...why] };
  }
  const { flows } = measured.numbers;
  // Without a report of theirs the flows are among the doubts already.
  if (doubts.length === 0 && expected.flows !== undefined && flows === undefined) {
    doubts.push('Something is expected of flows, and there was no raw-socket load.');
  }
  if (doubts.length > 0) return { ...found, result: 'inconclusive', reasons: doubts };
  const ofFlows = flows === undefined ? undefined : compareFlows(expected, flows);
  const matches = isExpectedSignal(expected.signal, measured.signal);
  const complaints = [
    ...[shareComplaint(expected, measured)].filter((complaint) => complaint !== undefined),
    ...connectComplaints(expected, measured),
    ...partComplaints(expected, measured),
    ...(ofFlows?.complaints ?? []),
    ...blameComplaints(expected, explanation),
  ];
  const unexplained = unexplainedBlame(expected, explanation);
  const sentences = [
    `Expected ${expectationText(expected)}; found ${phaseText(measured)}.`,
    ...(flows === undefined ? [] : [flowFindingText(expected, flows)]),
    ...complaints,
    ...(ofFlows?.unknown ?? []),
    ...unexplained,
    `The control run without rules${control?.kept === undefined ? '' : ', which was kept with the saved lab,'} was healthy.`,
  ];
  const unknown = [...(ofFlows?.unknown ?? []), ...unexplained];
  const isAsExpected = matches && complaints.length === 0;
  // What is wrong for certain fails; what only a faster machine or another trace can tell is inconclusive.
  const result = !isAsExpected ? 'fail' : unknown.length === 0 ? 'pass' : 'inconclusive';
  return { ...found, result, reasons: sentences };
}

/** What is amiss with what is blamed, if the file says what must be; at most one sentence. */
function blameComplaints({ blame: wanted }: Expectation, explanation: Explanation | undefined): string[] {
  const blame = explanation?.blame;
  if (wanted === undefined || blame === undefined || isExpectedBlame(wanted, blame)) return [];
  return [
    `Expected to blame ${blameText(wanted)}; blamed ${blameText({ ...blame, ...(blame.role === undefined ? {} : { on: blame.role }) })}.`,
  ];
}

/** That nobody is blamed although an explanation was asked for and the file says who must be; at most one sentence. */
function unexplainedBlame({ blame: wanted }: Expectation, explanation: Explanation | undefined): string[] {
  if (wanted === undefined || explanation === undefined || explanation.blame !== undefined) return [];
  return [`Expected to blame ${blameText(wanted)}; nothing is explained: ${explanation.doubts.join('; ')}.`];
}

/** Rules of the engine's own namespace that may have taken the lab's packets, one sentence each. */
function suspects(engineHost: readonly RuleCount[] = []): string[] {
  return rejectingRules({ rules: engineHost })
    .filter((rule) => rejectedBy(rule) !== 0)
    .map((each) => {
      const { family, table, chain, rule } = each;
      const packets = rejectedBy(each);
      const counted = packets === undefined ? 'it has no counter' : `${packets} packets`;
      return `In the engine's own network namespace, table ${family} ${table} has in chain ${chain} the rule \`${rule}\` (${counted}).`;
    });
}

/** What is wrong with the time that connect() took, if it was bounded; at most one sentence. */
function connectComplaints({ connect }: Expectation, { numbers }: PhaseFinding): string[] {
  if (connect === undefined) return [];
  if (numbers.connect === undefined) return ['No connect() succeeded, so it has no time to compare.'];
  const { median } = numbers.connect;
  const amiss = outOfBounds(connect, median, measuredSecondsText);
  return amiss === undefined ? [] : [`connect() took ${measuredSecondsText(median)} (median), ${amiss}.`];
}

function controlDoubts(control: PhaseFinding | undefined): string[] {
  if (control === undefined) {
    return ['There was no control run, so nothing shows that the lab itself lets connections through.'];
  }
  const doubts = control.unsound.map((reason) => `Control run: ${reason}`);
  if (!isHealthy(control.outcome) && control.outcome !== undefined) {
    doubts.push(unhealthyControl(phaseText(control)));
  }
  const { flows } = control.numbers;
  if (flows?.outcome !== undefined && !isHealthy(flows.outcome)) {
    doubts.push(unhealthyControl(flowFatesText(flows)));
  }
  return doubts;
}

function unhealthyControl(found: string): string {
  return `The control run, without any rules, was not healthy: ${found}. Something outside the scenario interferes, for example the engine host's own netfilter through br_netfilter.`;
}

/** `close-blocked with ICMP 3/10 (host-prohibited) from director (7 of 10 connections close-blocked, 3 healthy)`. */
function phaseText({ outcome, signal, numbers }: PhaseFinding): string {
  const what = outcome ?? 'no outcome';
  const how = isServed(outcome) || outcome === undefined ? '' : ` with ${signalText(signal)}`;
  return `${what}${how} (${fateCountsText(numbers.fates, numbers.connections)})`;
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
