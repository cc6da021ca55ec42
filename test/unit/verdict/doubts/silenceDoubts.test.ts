import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/verdict/judge.js';
import { healthy, story } from '../dialogue.js';
import { evidenceOf, phaseOf, rejectRule, withNode } from '../evidence.js';
import { healthyWithFlows, opened, storyWithFlows } from '../flows/flows.js';

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

describe('silence beside flows', () => {
  const icmp = { '3/10': opened / 2 };

  /** The witnesses of the story get no answer; the flows get `heard`, and the director counts what it sent. */
  function judged(heard: Record<string, number>, IcmpOutDestUnreachs: number) {
    const phase = storyWithFlows({
      report: { icmp: heard },
      director: { counters: { IcmpOutDestUnreachs } },
    });
    const { capture } = phase.nodes.find(({ name }) => name === 'client') ?? {};
    if (capture === undefined) throw new Error('expected a capture of the client');
    const measured = withNode(phase, 'client', { capture: { ...capture, icmp: [] } });
    const control = healthyWithFlows({ witnesses: [healthy(39_000)] }, 'control');
    return judge(
      { ...expected, signal: { kind: 'icmp', type: 3, code: 10, from: 'director' } },
      { scenario: 'load/story', control, measured, problems: [] },
    );
  }

  it('cannot be known where the director held back ICMP errors of which the flows got others', () => {
    const { result, reasons } = judged(icmp, opened / 2);
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain(
      `No answer came to 2 blocked connections, but flows beside them got ${opened / 2} ICMP errors, and director sent ${opened / 2} ICMP errors for ${opened + 4} packets`,
    );
  });

  it('is silence where it held back none, or none arrived', () => {
    expect(judged(icmp, opened + 4).result).toBe('fail');
    expect(judged({}, opened / 2).result).toBe('fail');
  });
});
