import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/engine/port/engineEvents.js';
import { openEngine, type OpenOptions } from '../../../src/engine/open.js';
import { LabError, UsageError } from '../../../src/support/errors.js';
import { ownCache, tempFolder, withEnvironment } from './tempFolder.js';

async function opened(options: Partial<OpenOptions>) {
  ownCache();
  withEnvironment({ TMPDIR: tempFolder(), DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  const events: EngineEvent[] = [];
  const error = await openEngine({
    engine: 'auto',
    kernel: undefined,
    accel: 'tcg',
    image: 'auto',
    runId: 'aaaa1111',
    runDirectory: tempFolder(),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...options,
  }).catch((thrown: unknown) => thrown);
  const notes = events.flatMap((event) => (event.type === 'engine-note' ? [event.message] : []));
  return { error, notes };
}

describe('openEngine', () => {
  it('refuses a kernel that cannot be meant, before it looks for an engine', async () => {
    const { error, notes } = await opened({ kernel: 'debian:woody' });
    expect(error).toBeInstanceOf(UsageError);
    expect(notes).toEqual([]);
  });

  it('fails where a forced local engine cannot be reached', async () => {
    const { error } = await opened({ engine: 'local' });
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain('no Docker engine answers at unix:///nowhere/docker.sock');
  });

  it('with auto goes on to the VM, saying why, when the local engine will not do', async () => {
    withEnvironment({ PATH: tempFolder() });
    const { error, notes } = await opened({});
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('not using the local engine: no Docker engine answers at');
    expect((error as LabError).message).toContain('the VM engine needs what is not installed: ');
  });

  it('does not go on to the VM when told to stop', async () => {
    const reason = new LabError('interrupted by SIGINT');
    const { error, notes } = await opened({ signal: AbortSignal.abort(reason) });
    expect(error).toBe(reason);
    expect(notes).toEqual([]);
  });
});
