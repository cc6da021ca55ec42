import { EvidenceError } from '../text/error.js';

/** What tcpdump has counted since it started. */
export interface CaptureCounts {
  /** How many packets it has written. */
  readonly captured: number;
  /** How many packets the kernel dropped before tcpdump could read them. */
  readonly dropped: number;
}

/** Reads the counts that tcpdump prints on stderr at SIGUSR1; undefined: it has not printed them (yet). */
export function captureCounts(stderr: string): CaptureCounts | undefined {
  const found =
    /^tcpdump: (\d+) packets? captured, \d+ packets? received by filter, (\d+) packets? dropped by kernel.*$/m.exec(
      stderr,
    );
  return found === null ? undefined : { captured: Number(found[1]), dropped: Number(found[2]) };
}

/** What a capture took and lost between two counts, in the words that tcpdump uses. */
export function captureCountsText(from: CaptureCounts, to: CaptureCounts): string {
  return `${to.captured - from.captured} packets captured\n${to.dropped - from.dropped} packets dropped by kernel\n`;
}

/** Reads what a capture took and lost in a phase. Throws EvidenceError when that was not recorded. */
export function parseCaptureCounts(text: string): CaptureCounts {
  const [, captured, dropped] =
    /^(\d+) packets captured\n(\d+) packets dropped by kernel\n$/.exec(text) ?? [];
  if (captured === undefined || dropped === undefined) {
    throw new EvidenceError('tcpdump did not come to say how many packets it took and lost.', {
      hint: 'It ended before the phase did: the last packets may be missing too.',
    });
  }
  return { captured: Number(captured), dropped: Number(dropped) };
}
