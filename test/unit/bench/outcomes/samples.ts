import type { Outcome } from '../../../../bench/outcomes/outcome.js';

/** An outcome of a tool, with nothing particular about it but what is given. */
export function outcome(tool: string, given: Partial<Outcome> = {}): Outcome {
  return {
    tool,
    kind: 'conversations',
    packetsPerSecond: 100,
    cpuMicrosecondsPerPacket: 2,
    residentBytes: 1_500_000,
    remarks: [],
    ...given,
  };
}
