import { describe, expect, it } from 'vitest';
import type { IpvsSample } from '../../../../src/evidence/model/evidence.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import type { Dialogue } from '../dialogue.js';
import { conversation } from '../dialogue.js';
import { phaseOf, withNode } from '../evidence.js';
import { macs } from '../network.js';

/** Opened through the first director; its next segment comes to the second one at 104 s. */
function moved(localPort: number): Dialogue {
  const dialogue = conversation(localPort).at(104);
  dialogue.via = 'director2';
  return dialogue.client('F.', { seq: 1101, ack: 5201 }, 'director').server('R', { seq: 5201 }, 'director2');
}

const takeovers = (
  samples: readonly Pick<IpvsSample, 'time'>[],
  sync: Readonly<Record<string, number>> = {},
) => {
  const phase = phaseOf([moved(40_000)], { directors: 2 });
  const connections = phase.ipvs.find(({ node }) => node === 'director2')?.connections ?? [];
  const ipvs = [
    ...phase.ipvs.filter(({ node }) => node === 'director'),
    ...samples.map(({ time }) => ({ node: 'director2', time, connections })),
  ];
  const capture = phase.nodes.find(({ name }) => name === 'director2')?.capture;
  const heard = withNode({ ...phase, ipvs }, 'director2', { capture: capture && { ...capture, sync } });
  return findingOf(heard).numbers.takeovers;
};

describe('a director that takes over', () => {
  const taken = { from: 'director', to: 'director2', connections: 1 };

  it('had never heard of the connection when its IPVS had no entry in any listing', () => {
    expect(takeovers([])).toEqual([{ ...taken, known: 0, unknown: 1, syncPackets: 0 }]);
  });

  it('knew it when a listing from before its first packet has it', () => {
    expect(takeovers([{ time: 103 }])).toEqual([{ ...taken, known: 1, unknown: 0, syncPackets: 0 }]);
  });

  it('came to know it later when only later listings have it', () => {
    expect(takeovers([{ time: 105 }])).toEqual([{ ...taken, known: 0, unknown: 0, syncPackets: 0 }]);
  });

  it('counts the packets of connection sync that others sent, not its own', () => {
    const heard = takeovers([], { [macs.director]: 3, [macs.director2]: 9 });
    expect(heard).toEqual([{ ...taken, known: 0, unknown: 1, syncPackets: 3 }]);
  });

  it('is none where each connection stays with its director', () => {
    const second = conversation(40_001);
    expect(findingOf(phaseOf([second], { directors: 2 })).numbers.takeovers).toEqual([]);
  });
});
