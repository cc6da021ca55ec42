import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageGroup } from '../../../../src/engine/images/groups.js';
import { tryLocal } from '../../../../src/engine/local/local.js';
import { engineProgress } from '../../../../src/engine/port/engineProgress.js';
import { LabError } from '../../../../src/support/errors.js';
import { fakeDocker } from '../fakeDocker.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const attempt = async (
  environment: Readonly<Record<string, string>>,
  groups: readonly ImageGroup[] = [],
): Promise<LabError> => {
  withEnvironment({ DOCKER_TLS_VERIFY: undefined, DOCKER_CERT_PATH: undefined, ...environment });
  const progress = engineProgress(() => undefined, new AbortController().signal);
  const error = await tryLocal({
    ...{ groups, tools: undefined, progress },
    runId: 'aaaa1111',
  }).catch((thrown: unknown) => thrown);
  // Only a LabError lets `--engine auto` go on to the VM.
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('a local engine that cannot be reached', () => {
  it.each(['unix:///nowhere/docker.sock', 'tcp://127.0.0.1:1'])(
    'is named with the reason: %s',
    async (host) => {
      const error = await attempt({ DOCKER_HOST: host });
      expect(error.message).toMatch(`no Docker engine answers at ${host}: connect E`);
      expect(error.hint).toContain('--engine vm');
      expect(error.cause).toBeDefined();
    },
  );

  it('is named with the certificate that is missing', async () => {
    const folder = tempFolder();
    const error = await attempt({
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: folder,
    });
    expect(error.message).toContain(`no Docker engine answers at tcp://127.0.0.1:1: ENOENT`);
    expect(error.message).toContain(folder + path.sep);
  });
});

describe('a local engine that answers and cannot be used', () => {
  const info = {
    ID: 'x',
    ServerVersion: '26.1.5',
    KernelVersion: '6.1.0',
    OperatingSystem: 'Debian',
    Architecture: 'x86_64',
    NCPU: 2,
    MemTotal: 4e9,
  };

  it('is named with what it does not say of itself', async () => {
    const { KernelVersion: _left, ...rest } = info;
    const docker = await fakeDocker({ info: rest });
    const error = await attempt({ DOCKER_HOST: `unix://${docker.socketPath}` });
    expect(error.message).toContain('unexpected contents at KernelVersion: ');
    expect(error.hint).toContain('--engine vm');
  });

  it('is named with what it refused', async () => {
    const docker = await fakeDocker({ info, refusals: { '/images/base/json': 500 } });
    const host = `unix://${docker.socketPath}`;
    const error = await attempt({ DOCKER_HOST: host }, [
      { roles: ['client'], bases: [{ kind: 'reference', reference: 'base' }] },
    ]);
    expect(error.message).toContain(`the Docker engine at ${host} cannot be used: `);
    expect(error.message).toContain('refused with 500');
    expect(error.hint).toContain('--engine vm');
  });
});
