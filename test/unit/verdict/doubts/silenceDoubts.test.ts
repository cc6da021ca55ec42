import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/verdict/judge.js';
import { healthy, story } from '../dialogue.js';
import { evidenceOf, phaseOf, rejectRule, withNode } from '../evidence.js';

const dropRule = { ...rejectRule, rule: '-A INPUT -j DROP' };
const silent = phaseOf([story(40_000)], { director: { rules: [dropRule] } });
const mute = withNode(silent, 'client', {
  capture: { ...silent.nodes[0]!.capture!, icmp: [] },
  captureDrops: 0,
});
const expected = { outcome: 'close-blocked', signal: { kind: 'silence' } } as const;

describe('silence', () => {
  it('is that a whole capture has no answer', () => {
    expect(judge(expected, evidenceOf(mute)).result).toBe('pass');
  });

  it('cannot be known when the kernel dropped packets of the capture', () => {
    const { result, reasons } = judge(expected, evidenceOf(withNode(mute, 'client', { captureDrops: 7 })));
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain(
      'The capture of client has no answer to 1 blocked connections, and the kernel dropped 7 packets of it',
    );
  });

  it('is not what is in question where there was an answer, or nothing was blocked', () => {
    const answered = withNode(silent, 'client', { captureDrops: 7 });
    expect(judge({ ...expected, signal: undefined }, evidenceOf(answered)).result).toBe('pass');
    const fine = withNode(phaseOf([healthy(40_000)]), 'client', { captureDrops: 7 });
    expect(judge({ outcome: 'healthy', signal: undefined }, evidenceOf(fine)).result).toBe('pass');
  });
});
