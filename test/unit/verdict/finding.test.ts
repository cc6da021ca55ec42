import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../src/verdict/finding.js';
import { Dialogue, conversation, healthy, resetBlocked, silent, story } from './dialogue.js';
import { phaseOf } from './evidence.js';

function unreachable(localPort: number): Dialogue {
  const dialogue = new Dialogue(localPort).client('S', { seq: 1000 }, 'director');
  dialogue.connection = { ...dialogue.connection, connected: false, complete: false };
  return dialogue;
}

const signalOf = (...dialogues: Dialogue[]) => findingOf(phaseOf(dialogues)).signal;

describe('the signal of a phase', () => {
  it('is silence when nothing answered the lost segments', () => {
    expect(signalOf(silent(40_000))).toEqual({ kind: 'silence' });
  });

  it('is ICMP even when the rate limit let only one error through', () => {
    const stuck = [40_000, 40_001, 40_002, 40_003].map((localPort) => silent(localPort));
    expect(signalOf(...stuck, story(40_004))).toEqual({ kind: 'icmp', type: 3, code: 10, from: 'director' });
  });

  it('names the sender by its MAC, as both use the VIP', () => {
    expect(signalOf(silent(40_000).refuse('F.', 'realserver1'))).toMatchObject({ from: 'realserver' });
    const stranger = silent(40_000).refuse('F.');
    stranger.icmp[0] = { ...stranger.icmp[0]!, sourceMac: '02:42:00:00:00:01' };
    expect(signalOf(stranger)).toMatchObject({ from: 'unknown' });
  });

  it('is the one that most connections got, however often each got it', () => {
    const often = silent(40_000).refuse('F.', 'director', 3, 13).refuse('F.', 'director', 3, 13);
    often.refuse('F.', 'director', 3, 13);
    expect(signalOf(often, story(40_001), story(40_002))).toMatchObject({ code: 10 });
    expect(signalOf(often, story(40_001))).toMatchObject({ code: 13 });
  });

  it('is a TCP reset when the client received one that left the realserver stuck', () => {
    const reset = silent(40_000).server('R', { seq: 5202 }, 'director');
    reset.clientState = 'gone';
    expect(signalOf(reset)).toEqual({ kind: 'tcp-reset', from: 'director' });
  });

  it("does not take the client's own RST for one", () => {
    const dropped = resetBlocked(40_000);
    dropped.icmp.pop();
    expect(findingOf(phaseOf([dropped]))).toMatchObject({
      outcome: 'close-blocked',
      signal: { kind: 'silence' },
    });
  });

  it('ignores errors about other connections, about healthy ones, and redirects', () => {
    const other = silent(40_000);
    other.icmp.push(...story(50_000).icmp);
    expect(signalOf(other)).toEqual({ kind: 'silence' });
    expect(signalOf(silent(40_000), healthy(40_001).refuse('F.'))).toEqual({ kind: 'silence' });
    expect(signalOf(silent(40_000).refuse('F.', 'director', 5, 1))).toEqual({ kind: 'silence' });
  });
});

describe('the outcome of a phase', () => {
  const outcomeOf = (...dialogues: Dialogue[]) => findingOf(phaseOf(dialogues)).outcome;

  it('is healthy only when no connection is blocked', () => {
    expect(outcomeOf(healthy(1), healthy(2))).toBe('healthy');
    expect(outcomeOf(healthy(1), healthy(2), story(3))).toBe('close-blocked');
  });

  it('is the most frequent blocked fate, and of equals the earlier in a connection', () => {
    expect(outcomeOf(story(1), story(2), unreachable(3))).toBe('close-blocked');
    expect(outcomeOf(story(1), unreachable(3))).toBe('unreachable');
  });

  it('is undefined when no fate is known', () => {
    const late = conversation(40_000);
    late.clientState = 'FIN-WAIT-2';
    late.realserverState = 'CLOSE-WAIT';
    const finding = findingOf(phaseOf([late]));
    expect(finding.outcome).toBeUndefined();
    expect(finding.unsound.join()).toMatch(/1 of 1 connections are unexplained.*10\.0\.0\.2:40000/);
  });
});
