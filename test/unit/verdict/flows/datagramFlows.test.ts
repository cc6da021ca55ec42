import { describe, expect, it } from 'vitest';
import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import type { PhaseEvidence, SavedDestination } from '../../../../src/evidence/model/evidence.js';
import type { FlowReport } from '../../../../src/evidence/model/flowTypes.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { flowFatesText } from '../../../../src/verdict/flows/flowFatesText.js';
import { rejectRule } from '../evidence.js';
import { flat, port } from '../network.js';
import { healthyWithFlows, opened, type Change } from './flows.js';

type Fates = Partial<Record<FlowFate, number>>;
type LastReplies = NonNullable<FlowReport['lastReplies']>;

const lastSecond = 110;
const saved = (weight: number): SavedDestination[] => [
  { service: `-u ${flat.vip}:${port}`, realserver: flat.realserver1, weight },
];

/** A phase whose flows are of UDP; all that are not mentioned were answered, by realserver1 and in one second. */
function phaseWith(fates: Fates = {}, change: Change = {}, lastReplies?: LastReplies): PhaseEvidence {
  const others = Object.values(fates).reduce((sum, count) => sum + count, 0);
  const answered = opened - others;
  return healthyWithFlows({
    ...change,
    fates: { answered, ...fates },
    segments: [],
    report: {
      ...{ closing: 0, finsSent: 0 },
      lastReplies: lastReplies ?? [{ by: 'realserver1', port, second: lastSecond, flows: answered }],
      ...change.report,
    },
  });
}

const flowsOf = (phase: PhaseEvidence) => findingOf(phase).numbers.flows;
const event = (over: number) => ({
  ...{ what: 'ipvsadm', startedAt: '', finishedAt: '' },
  timing: { connected: 99, due: 99, begun: over, over },
});

describe('flows of UDP', () => {
  it('are answered, but for one in a thousand', () => {
    expect(flowsOf(phaseWith())).toMatchObject({ outcome: 'answered', outcomes: { answered: opened } });
    expect(flowsOf(phaseWith({ unanswered: 4 }))?.outcome).toBe('answered');
    expect(flowsOf(phaseWith({ unanswered: 5 }))?.outcome).toBe('unanswered');
  });

  it('are unexplained where they are unanswered and no packet was counted', () => {
    const explained = { director: { rules: [{ ...rejectRule, packets: 50 }] } };
    expect(flowsOf(phaseWith({ unanswered: 50 }, explained))?.unexplained).toBe(0);
    expect(flowsOf(phaseWith({ unanswered: 50 }))?.unexplained).toBe(50);
    expect(findingOf(phaseWith({ unanswered: 50 })).unsound.join(' ')).toContain(
      '50 of 4000 flows are unexplained, more than 0.1 %: 50 are unanswered without a packet',
    );
  });

  it('are answered by one that is gone, when it is none of the service any more or has weight 0', () => {
    const of = (ipvsSaved: SavedDestination[]) => flowsOf(phaseWith({}, { director: { ipvsSaved } }));
    expect(of(saved(1))).toMatchObject({ outcome: 'answered', answeredStale: 0 });
    expect(of(saved(0))).toMatchObject({ outcome: 'answered-stale', answeredStale: opened });
    expect(of([{ ...saved(1)[0]!, realserver: '10.0.0.99' }])?.outcome).toBe('answered-stale');
  });

  it('are so only behind what happened', () => {
    const director = { ipvsSaved: saved(0) };
    const at = (over: number) =>
      flowsOf({ ...phaseWith({}, { director }), events: [event(over)] })?.answeredStale;
    expect(at(lastSecond - 0.1)).toBe(opened);
    // In that second it may have been before.
    expect(at(lastSecond + 0.1)).toBe(0);
  });

  it('are counted by who answered them', () => {
    const director = { ipvsSaved: saved(0) };
    const replies = [
      { by: 'realserver1', port, second: lastSecond, flows: 1000 },
      { by: 'nobody', port, second: lastSecond, flows: opened - 1000 },
    ];
    expect(flowsOf(phaseWith({}, { director }, replies))).toMatchObject({
      outcomes: { answered: opened - 1000, 'answered-stale': 1000 },
    });
  });
});

it('are told with those that were answered by one that is gone', () => {
  const flows = flowsOf(phaseWith({}, { director: { ipvsSaved: saved(0) } }));
  expect(flowFatesText(flows!)).toBe(
    "answered-stale (all 4000 flows answered; 4000 of the answered by a realserver that is none of the service's any more, or has weight 0)",
  );
});
