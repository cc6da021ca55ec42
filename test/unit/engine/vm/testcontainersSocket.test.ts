import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { connectDocker } from '../../../../src/engine/docker/connection.js';
import { scratchRoot } from '../../../../src/engine/lifetime/paths.js';
import type { DockerConnection } from '../../../../src/engine/port/dockerConnection.js';
import { TestcontainersSocket } from '../../../../src/engine/vm/testcontainersSocket.js';
import { fakeDocker } from '../fakeDocker.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const bound: DockerConnection[] = [];

// Which engine the library keeps for the life of the process: its client is made here as it makes it.
vi.mock(import('../../../../src/engine/docker/testcontainers.js'), () => ({
  bindTestcontainers: (connection) => {
    bound.push(connection);
    return connectDocker(connection);
  },
}));

beforeEach(() => {
  bound.length = 0;
  withEnvironment({ TMPDIR: tempFolder() });
});

/** An engine, and a client of it that does not go through the socket under test. */
async function engine(id: string) {
  const facts = { OperatingSystem: 'Debian', Architecture: 'x86_64', NCPU: 2, MemTotal: 2e9 };
  const info = { ID: id, ServerVersion: '26', KernelVersion: '6.1.0', ...facts };
  const { socketPath, asked, end } = await fakeDocker({ info });
  const connection = { kind: 'socket', socketPath } as const;
  return { docker: await connectDocker(connection), connection, asked, end };
}

describe('the socket that testcontainers is given', () => {
  it('is the same for each machine, and leads to the one that is used now', async () => {
    await using socket = new TestcontainersSocket();
    for (const id of ['one', 'two']) {
      const { docker, connection, asked, end } = await engine(id);
      await socket.leadTo(docker, connection);
      // Asked by both clients.
      expect(asked.filter((one) => one.endsWith('/info'))).toHaveLength(2);
      // Connections are kept for reuse, and end with their machine only.
      end();
    }
    const [first, second] = bound;
    expect(first).toMatchObject({ kind: 'socket' });
    expect(second).toEqual(first);
  });

  it('is refused where it leads to another machine than the client of ours', async () => {
    await using socket = new TestcontainersSocket();
    const [one, two] = [await engine('one'), await engine('two')];
    await expect(socket.leadTo(one.docker, two.connection)).rejects.toThrow(
      /the two Docker clients reach different engines: dockerode one .*, testcontainers two /,
    );
  });

  it('is in a folder of this user’s alone, which is gone afterwards', async () => {
    const { docker, connection } = await engine('one');
    const socket = new TestcontainersSocket();
    await socket.leadTo(docker, connection);
    const [folder = ''] = readdirSync(scratchRoot());
    expect(readlinkSync(path.join(scratchRoot(), folder, 'docker.sock'))).toBe(connection.socketPath);
    await socket[Symbol.asyncDispose]();
    expect(readdirSync(scratchRoot())).toEqual([]);
  });

  it('leaves nothing where it was not used', async () => {
    await new TestcontainersSocket()[Symbol.asyncDispose]();
    expect(existsSync(scratchRoot())).toBe(false);
  });
});
