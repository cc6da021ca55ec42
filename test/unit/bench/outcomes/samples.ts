import type { ToolOutcome } from '../../../../bench/outcomes/toolOutcome.js';

/** An outcome of a tool, with nothing particular about it but what is given. */
export function outcome(tool: string, given: Partial<ToolOutcome> = {}): ToolOutcome {
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
