import type { Load } from '../../../src/contracts/agents/load.js';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/port/port.js';
import { parsePcap } from '../../../src/evidence/capture/pcap/pcap.js';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { judge } from '../../../src/verdict/judge.js';
import { runOne, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

let engine: Engine;
let halfClose: Scenario;
beforeAll(async () => {
  engine = await sharedEngine();
  halfClose = await shipped('close/client-half-close');
});

/** What each connection to port 80 in the client's capture has first: the client's FIN, or data of the server's. */
async function firstOf(phase: string): Promise<('fin' | 'reply')[]> {
  const { segments } = parsePcap(await readFile(path.join(phase, 'client.pcap')));
  const first = new Map<number, 'fin' | 'reply'>();
  for (const { sourcePort, destinationPort, flags, payloadLength } of segments) {
    if (destinationPort === 80 && flags.fin && !first.has(sourcePort)) first.set(sourcePort, 'fin');
    if (sourcePort === 80 && payloadLength > 0 && !first.has(destinationPort)) {
      first.set(destinationPort, 'reply');
    }
  }
  return [...first.values()];
}

describe('a half-close', () => {
  it.each<Load['connect']>(['non-blocking', 'blocking'])(
    'by a client whose connect() is %s has its FIN on the wire before the reply',
    async (connect) => {
      const { result } = await runOne(engine, { ...halfClose, load: { ...halfClose.load, connect } });
      expect(verdictOf(result)).toMatchObject({ result: 'pass' });
      const { connections } = halfClose.load;
      for (const phase of ['control', 'measured']) {
        expect(await firstOf(path.join(result.directory, phase))).toEqual(Array(connections).fill('fin'));
      }

      // The same capture is no client that closes behind the reply.
      const evidence = await readScenarioEvidence(result.directory);
      const measured = evidence.measured!;
      const load = { ...measured.asked!.load, close: { first: 'client', how: 'fin', after: 0 } } as const;
      const asked = { load, conversations: [] };
      const otherwise = judge(halfClose.expect, { ...evidence, measured: { ...measured, asked } });
      expect(otherwise.result).toBe('inconclusive');
      expect(otherwise.reasons.join('\n')).toContain('did not do on the wire what the scenario says');
    },
  );

  it('is not what a client does that closes behind the reply', async () => {
    const { result } = await runOne(engine, await shipped('close/client-first'));
    expect(new Set(await firstOf(path.join(result.directory, 'measured')))).toEqual(new Set(['reply']));
  });
});
