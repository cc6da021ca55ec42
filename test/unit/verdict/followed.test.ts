import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { judge } from '../../../src/verdict/judge.js';
import type { Verdict } from '../../../src/verdict/model/verdict.js';
import { mendManifest } from '../evidence/mend.js';
import { notFollowed } from './followed.js';

/** The verdict on a recorded run, or on a copy that somebody has edited and mended the manifest of. */
async function judged(name: string, edit?: (directory: string) => void): Promise<Verdict> {
  const run = path.join(packageRoot, 'test', 'fixtures', 'runs', name);
  const copy = mkdtempSync(path.join(tmpdir(), 'lvs-lab-followed-'));
  onTestFinished(() => {
    rmSync(copy, { recursive: true, force: true });
  });
  cpSync(run, copy, { recursive: true });
  edit?.(copy);
  await mendManifest(copy);
  return judge({ outcome: 'healthy', signal: undefined }, await readScenarioEvidence(copy));
}

const withoutCapture = (directory: string): void => {
  rmSync(path.join(directory, 'measured', 'client.pcap'));
};

describe('what was compared on the wire', () => {
  it.each(['close-server-first', 'healthy', 'ipv6-reset', 'routed-nat-silent', 'flows'])(
    'is all that %s asks for',
    async (name) => {
      expect(notFollowed(await judged(name))).toEqual([]);
    },
  );

  it('is nothing of a phase whose capture is gone', async () => {
    expect(notFollowed(await judged('close-server-first', withoutCapture))).toEqual([
      'measured: nothing was compared',
    ]);
  });

  it('is no flow where the captures have none', async () => {
    const verdict = await judged('flows');
    const { measured } = verdict;
    const { followed } = measured!.numbers;
    expect(followed!.flows).toBeGreaterThan(0);
    const none = { connections: followed!.connections, flows: 0 };
    const twin = {
      ...verdict,
      measured: { ...measured!, numbers: { ...measured!.numbers, followed: none } },
    };
    expect(notFollowed(twin)).toEqual(['measured: none of the flows']);
  });

  it('is fewer connections than there were', async () => {
    const verdict = await judged('healthy');
    const { measured } = verdict;
    const { followed } = measured!.numbers;
    const fewer = { connections: followed!.connections - 1, flows: undefined };
    const twin = {
      ...verdict,
      measured: { ...measured!, numbers: { ...measured!.numbers, followed: fewer } },
    };
    expect(notFollowed(twin)).toEqual([expect.stringMatching(/^measured: \d+ of \d+ connections$/)]);
  });
});
