import { describe, expect, it } from 'vitest';
import {
  captureCounts,
  captureCountsText,
  parseCaptureCounts,
} from '../../../../src/evidence/capture/captureCounts.js';

describe('what tcpdump counts', () => {
  it('is read from its answer to SIGUSR1', () => {
    expect(
      captureCounts(
        'tcpdump: 12 packets captured, 14 packets received by filter, 2 packets dropped by kernel\n',
      ),
    ).toEqual({ captured: 12, dropped: 2 });
    expect(
      captureCounts(
        'tcpdump: 1 packet captured, 1 packet received by filter, 0 packets dropped by kernel, 0 packets dropped by interface\n',
      ),
    ).toEqual({ captured: 1, dropped: 0 });
  });

  it('is not there until all of the answer is', () => {
    expect(
      captureCounts('tcpdump: listening on eth0\ntcpdump: 12 packets captured, 14 pack'),
    ).toBeUndefined();
  });

  it('is, of a phase, what came between two answers', () => {
    const words = captureCountsText({ captured: 12, dropped: 2 }, { captured: 20, dropped: 5 });
    expect(words).toContain('8 packets captured');
    expect(parseCaptureCounts(words)).toEqual({ captured: 8, dropped: 3 });
    for (const text of ['tcpdump: listening on eth0\n', '8 packets captured\n', `${words}and more\n`]) {
      expect(() => parseCaptureCounts(text), text).toThrow('did not come to say');
    }
  });
});
