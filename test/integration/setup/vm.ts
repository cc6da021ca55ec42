import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { DockerEngine } from '../../../src/engine/docker/engine.js';
import type { ImageSet } from '../../../src/engine/images/images.js';
import { openEngine } from '../../../src/engine/open.js';
import type { EngineIdentity } from '../../../src/engine/port/engineIdentity.js';
import type { DockerConnection } from '../../../src/engine/port/dockerConnection.js';

/** What a test file needs to use the one VM that all of them share. */
export interface SharedEngine {
  readonly connection: DockerConnection;
  readonly images: ImageSet;
  readonly identity: EngineIdentity;
}

declare module 'vitest' {
  export interface ProvidedContext {
    engine: SharedEngine;
  }
}

let end: () => Promise<void> = () => Promise.resolve();

/** Boots the VM before the first test file. */
export async function setup(project: TestProject): Promise<void> {
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
  if (!(engine instanceof DockerEngine)) throw new TypeError('expected a Docker engine');
  const { connection, images, identity } = engine;
  project.provide('engine', { connection, images, identity });
  end = async () => {
    await engine[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  };
}

/** Ends the VM after the last test file. */
export const teardown = (): Promise<void> => end();
