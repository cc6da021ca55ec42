import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEngine } from '../../../src/engine/open.js';
import { addToolSet } from '../../../src/engine/toolSets/toolStore.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
  vi.stubEnv('XDG_DATA_HOME', path.join(directory, 'data'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** What a command says in a container of the director's image. */
async function saidIn(image: string, command: string): Promise<string> {
  await using engine = await openEngine({
    ...{ engine: 'vm', kernel: undefined, accel: 'auto', image },
    runId: 'test',
    runDirectory: directory,
    emit: () => undefined,
    signal: new AbortController().signal,
  });
  const { stdout } = await engine.tryRules('test', [{ kind: 'command', text: command }], { seconds: 120 });
  return stdout;
}

describe('a program that is put into the images of a VM', () => {
  it('is in the containers made of them, and in no others', async () => {
    const file = path.join(directory, 'program');
    await writeFile(file, '#!/bin/sh\necho the program that nobody has released\nexit 1\n');
    const place = '/usr/sbin/unreleased';
    const { name } = await addToolSet(undefined, [{ roles: ['director'], file, path: place }]);
    // What ends with an error is told with its words.
    expect(await saidIn(`auto+${name}`, 'unreleased')).toContain('the program that nobody has released');
    expect(await saidIn('auto', 'unreleased')).toContain('not found');
  });
});
