import { describe, expect, it } from 'vitest';
import { toolOutcomeOf } from '../../../../bench/outcomes/toolOutcome.js';

const measured = { code: 0, seconds: 4, cpuSeconds: 2, residentBytes: 1000, sent: 600, received: 200 };

describe('outcomeOf', () => {
  it('goes by the clock and the interface where the tool says nothing itself', () => {
    expect(toolOutcomeOf('x', 'SYNs, dropped', measured, {})).toEqual({
      tool: 'x',
      kind: 'SYNs, dropped',
      connections: undefined,
      connectionsPerSecond: undefined,
      packetsPerSecond: 200,
      cpuMicrosecondsPerConnection: undefined,
      cpuMicrosecondsPerPacket: 2500,
      residentBytes: 1000,
      remarks: [],
    });
  });

  it("takes the tool's own time and packets, and the process's CPU", () => {
    const report = { connections: 50, seconds: 2, sent: 300, received: 100, remarks: ['1 failed'] };
    expect(toolOutcomeOf('x', 'conversations', measured, report)).toMatchObject({
      connections: 50,
      connectionsPerSecond: 25,
      packetsPerSecond: 200,
      cpuMicrosecondsPerConnection: 40_000,
      cpuMicrosecondsPerPacket: 5000,
      remarks: ['1 failed'],
    });
  });
});
