import { describe, expect, it } from 'vitest';
import type { EventTiming } from '../../../../src/evidence/model/phase.js';
import type { PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { judge } from '../../../../src/verdict/judge.js';
import { plainScenario } from '../../report/scenarios.js';
import { conversation, healthy, incomplete } from '../dialogue.js';
import { evidenceOf, phaseOf } from '../evidence.js';

const expected = { outcome: 'healthy', signal: undefined } as const;

/** The dialogues' segments are all at 100 s. */
function judged(timing: EventTiming | undefined, phase: PhaseEvidence = phaseOf([healthy(40_000)])) {
  const event = { what: 'new rules on director', startedAt: '', finishedAt: '' };
  const events = [timing === undefined ? event : { ...event, timing }];
  return judge(expected, evidenceOf({ ...phase, events }));
}

describe('an event that was played late', () => {
  it('makes the verdict inconclusive where connections closed before it was over, with both times', () => {
    const { result, reasons } = judged({ connected: 97, due: 99, begun: 100.5, over: 100.6 });
    expect(result).toBe('inconclusive');
    expect(reasons).toEqual([
      'The event `new rules on director` was to begin 2 s after all connections were open and began after 3.5 s, and by the time that it was over 1 connections had begun to close: the machine was too busy to play it in time; run fewer labs at a time (`--lanes 1`).',
    ]);
  });

  it('decides nothing, and is told among the numbers, where it found the connections as they were', () => {
    for (const due of [91, 100.2]) {
      const { result, measured } = judged({ connected: due - 2, due, begun: due + 4, over: due + 4.1 });
      expect(result, String(due)).toBe('pass');
      expect(measured?.numbers.lateEvents, String(due)).toEqual([
        { what: 'new rules on director', asked: 2, begun: 6 },
      ]);
    }
  });

  it('is not one that began when it was due, nor one of an earlier version, which did not measure it', () => {
    for (const timing of [{ connected: 97, due: 99, begun: 99.3, over: 100.6 }, undefined]) {
      const { result, measured } = judged(timing);
      expect(result).toBe('pass');
      expect(measured?.numbers.lateEvents).toBeUndefined();
    }
  });

  it('is in doubt among traffic that goes on only where it was late by seconds', () => {
    const going = phaseOf([incomplete(conversation(40_000), true)]);
    const doubts = (begun: number) =>
      judged({ connected: 97, due: 99, begun, over: begun }, going).reasons.filter((reason) =>
        reason.startsWith('The event'),
      );
    expect(doubts(101.5)).toEqual([
      expect.stringContaining('and meanwhile 1 connections went on: ') as unknown,
    ]);
    expect(doubts(100.5)).toEqual([]);
  });

  it('is in doubt where connections that were to come behind it came before it was over', () => {
    const withLater = (openedAt: number) => {
      const later = healthy(40_001);
      later.connection = { ...later.connection, openedAt, later: true };
      const phase = phaseOf([healthy(40_000), later]);
      const load = { ...plainScenario.load, later: { connections: 1, after: 4 } };
      return { ...phase, asked: { load, conversations: [] } };
    };
    const doubts = (openedAt: number, due = 92) =>
      judged({ connected: 90, due, begun: due, over: due + 1 }, withLater(openedAt)).reasons.filter(
        (reason) => reason.includes('were to come behind it'),
      );
    expect(doubts(92.5)).toEqual([
      expect.stringContaining(
        'The event `new rules on director` was over 500 ms after connections were opened',
      ) as unknown,
    ]);
    expect(doubts(93.5)).toEqual([]);
    // Of what is to happen behind them nothing is asked.
    expect(doubts(94, 95)).toEqual([]);
  });
});
