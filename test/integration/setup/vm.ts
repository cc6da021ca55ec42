import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine } from '../../../src/engine/open.js';

/** Makes what VMs need, before the first test file: a machine with Docker is saved then, and no test has to wait for that. */
export async function setup(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
  const engine = await openEngine({
    engine: 'vm',
    kernel: undefined,
    accel: 'auto',
    image: 'auto',
    runId: 'test',
    runDirectory: directory,
    emit: (event) => {
      if (event.type === 'engine-step' && event.state === 'started')
        process.stderr.write(`${event.step} ...\n`);
    },
    signal: new AbortController().signal,
  });
  await engine[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
}
