import { describe, expect, it } from 'vitest';
import { classifyCaptures } from '../../../../src/verdict/captures/classifiedCaptures.js';
import { segmentsByConnection } from '../../../../src/verdict/captures/connectionSegments.js';
import { labNodesOf } from '../../../../src/verdict/captures/labNodes.js';
import { portUsesOf } from '../../../../src/verdict/captures/portUse.js';
import { Dialogue } from '../dialogue.js';
import { phaseOf } from '../evidence.js';
import { macs } from '../network.js';

function sorted(...dialogues: Dialogue[]) {
  const phase = phaseOf(dialogues);
  const lab = labNodesOf(phase);
  const captures = classifyCaptures(lab, phase);
  const uses = portUsesOf(phase.load?.connections ?? [], lab, captures);
  const segments = segmentsByConnection(captures, uses);
  return uses.all.map((use) => ({ ...segments.of(use), usedBefore: segments.wasUsedBefore(use) }));
}

const opened = (port: number) => new Dialogue(port).client('S', { seq: 1000 });

describe('segments', () => {
  it('go to the connection whose they are, in each capture', () => {
    const [one, other] = sorted(
      opened(40_000),
      opened(40_001).client('F.', { seq: 1001, ack: 5001 }).refuse('F.'),
    );
    expect(one?.client.map(({ kind }) => kind)).toEqual(['syn']);
    expect(other?.client.map(({ kind }) => kind)).toEqual(['syn', 'fin']);
    expect(other?.directors.map(({ kind }) => kind)).toEqual(['syn', 'syn', 'fin', 'fin']);
    expect([one?.errors.length, other?.errors.length]).toEqual([0, 1]);
  });

  it('from before the first SYN belong to nobody, and show that the port was used', () => {
    const used = new Dialogue(40_000).at(98).client('F.', { seq: 7, ack: 9 }, 'client');
    used.at(100).client('S', { seq: 1000 });
    const [connection] = sorted(used);
    expect(connection?.client.map(({ kind }) => kind)).toEqual(['syn']);
    expect(connection?.usedBefore).toBe(true);
    expect(sorted(opened(40_000))[0]?.usedBefore).toBe(false);
  });

  it('that the client only overheard are not its own', () => {
    const dialogue = opened(40_000);
    const [syn] = dialogue.captures.client.segments;
    dialogue.captures.client.segments.push({ ...syn!, sourceMac: macs.director });
    expect(sorted(dialogue)[0]?.client).toHaveLength(1);
  });
});
