import type Docker from 'dockerode';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { connectDocker } from '../../../src/engine/docker/connection.js';
import { runOneShot } from '../../../src/engine/docker/oneShotContainer.js';
import type { Engine } from '../../../src/engine/port/port.js';
import { runOne, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

let engine: Engine;
let docker: Docker;
beforeAll(async () => {
  engine = await sharedEngine();
  docker = await connectDocker(inject('engine').connection);
});

/** Runs nft in the engine's own network namespace. */
async function onHost(...argv: string[]): Promise<void> {
  const { images } = inject('engine');
  const result = await runOneShot(docker, {
    runId: 'test',
    purpose: 'interference',
    image: images.director,
    network: 'host',
    argv: ['nft', ...argv],
  });
  expect(result).toMatchObject({ exitCode: 0 });
}

const drop = (match: string): Promise<void> =>
  onHost(
    [
      'add table bridge interference',
      'add chain bridge interference forward { type filter hook forward priority 0; }',
      `add rule bridge interference forward ${match} counter drop`,
    ].join('; '),
  );

afterEach(() => onHost('delete', 'table', 'bridge', 'interference'));

describe("a rule in the engine's own namespace that takes the lab's packets", () => {
  it.each([
    ['closing segments', 'tcp flags & fin == fin'],
    ['all segments', 'meta l4proto tcp'],
  ])('%s: the verdict is inconclusive, and says what interferes', async (_, match) => {
    await drop(match);
    const scenario = await shipped('close/server-first');
    const quick = { ...scenario, deadlines: { ...scenario.deadlines, ready: 10, drive: 5, settle: 10 } };
    const verdict = verdictOf((await runOne(engine, quick)).result);
    expect(verdict.result).toBe('inconclusive');
    const reasons = verdict.reasons.join('\n');
    expect(reasons).toMatch(/control/i);
    expect(reasons).toMatch(/table bridge interference has in chain forward/);
    expect(reasons).toContain('drop');
  });
});
