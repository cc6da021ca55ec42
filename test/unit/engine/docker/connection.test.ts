import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker, dockerHost } from '../../../../src/engine/docker/connection.js';
import type { DockerConnection } from '../../../../src/engine/port/dockerConnection.js';
import { factsOf } from '../../../../src/engine/docker/identity.js';
import { makeCertificates, writeClientCertificates } from '../certificates.js';
import { fakeDocker } from '../fakeDocker.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const info = {
  ID: 'a83b',
  ServerVersion: '26.1.5',
  KernelVersion: '6.1.0-56-amd64',
  OperatingSystem: 'Debian',
  Architecture: 'x86_64',
  NCPU: 2,
  MemTotal: 2_000_000_000,
};

const facts = {
  id: 'a83b',
  dockerVersion: '26.1.5',
  kernel: '6.1.0-56-amd64',
  operatingSystem: 'Debian',
  architecture: 'x86_64',
  processors: 2,
  memoryBytes: 2_000_000_000,
};

const emptyFolder = (): string => {
  const folder = path.join(tempFolder(), 'certificates');
  mkdirSync(folder);
  return folder;
};

describe('connectDocker', () => {
  beforeEach(() => {
    withEnvironment({ DOCKER_HOST: undefined, DOCKER_TLS_VERIFY: undefined, DOCKER_CERT_PATH: undefined });
  });

  it.each([
    {},
    { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    { DOCKER_HOST: 'tcp://127.0.0.1:1' },
    { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1' },
    { DOCKER_HOST: 'ssh://me@127.0.0.1' },
  ])('asks the engine at its socket whatever the environment says: %j', async (environment) => {
    const docker = await fakeDocker({ info });
    withEnvironment(environment);
    const client = await connectDocker({ kind: 'socket', socketPath: docker.socketPath });
    expect(await factsOf(client)).toEqual(facts);
  });

  it('asks a TLS engine with the certificates of the connection, given as Buffers', async () => {
    const certificates = await makeCertificates(new Date());
    const { ca, serverCertificate: cert, serverKey: key } = certificates;
    const server = createServer({ ca, cert, key, requestCert: true }, (_, response) => {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(info));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const folder = emptyFolder();
    await writeClientCertificates(folder, certificates);
    withEnvironment({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
    const { port } = server.address() as AddressInfo;
    const client = await connectDocker({ kind: 'tls', host: '127.0.0.1', port, certificates: folder });
    expect(await factsOf(client)).toEqual(facts);
    const { key: held } = client.modem as unknown as { readonly key: unknown };
    expect(held).toBeInstanceOf(Buffer);
  });

  it('names the file of a TLS connection that is missing', async () => {
    const folder = emptyFolder();
    writeFileSync(path.join(folder, 'ca.pem'), '');
    writeFileSync(path.join(folder, 'cert.pem'), '');
    const connection = { kind: 'tls', host: '127.0.0.1', port: 1, certificates: folder } as const;
    await expect(connectDocker(connection)).rejects.toThrow(path.join(folder, 'key.pem'));
  });
});

describe('dockerHost', () => {
  it.each<[DockerConnection, string]>([
    [{ kind: 'socket', socketPath: '/run/docker.sock' }, 'unix:///run/docker.sock'],
    [{ kind: 'tcp', host: 'there', port: 2375 }, 'tcp://there:2375'],
    [{ kind: 'tls', host: '127.0.0.1', port: 40000, certificates: '/tls' }, 'tcp://127.0.0.1:40000'],
  ])('spells %j as DOCKER_HOST does', (connection, host) => {
    expect(dockerHost(connection)).toBe(host);
  });
});
