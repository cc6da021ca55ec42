import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openEngine } from '../../../src/engine/open.js';
import type { Engine } from '../../../src/engine/port/port.js';

let opened: Promise<{ readonly engine: Engine; readonly directory: string }> | undefined;

afterAll(async () => {
  const { engine, directory } = (await opened) ?? {};
  await engine?.[Symbol.asyncDispose]();
  if (directory !== undefined) await rm(directory, { recursive: true });
});

/** The lab's own VM engine, which the tests of one file share; the setup has made what it needs. It is closed after the last of them. */
export async function sharedEngine(): Promise<Engine> {
  opened ??= openVm();
  return (await opened).engine;
}

async function openVm() {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
  const engine = await openEngine({
    ...{ engine: 'vm', kernel: undefined, accel: 'auto', image: 'auto' },
    runId: 'test',
    runDirectory: directory,
    emit: () => undefined,
    signal: new AbortController().signal,
  });
  return { engine, directory };
}
