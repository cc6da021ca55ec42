import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../../../src/engine/local/dockerEndpoint.js';
import { localEndpoint } from '../../../../src/engine/local/localEndpoint.js';
import { endpointText } from '../../../../src/engine/local/reachEngine.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';
import { tempFolder } from '../tempFolder.js';

const home = path.join(homedir(), '.docker');
const ssh = { kind: 'ssh', user: undefined, port: undefined, socketPath: undefined };
const usual = { kind: 'socket', socketPath: '/var/run/docker.sock' };

/** Writes a folder as the docker command keeps it, with one context; gives the folder. */
function dockerFolder(
  docker: object,
  {
    name = 'build',
    current = name,
    tls = [],
  }: { readonly name?: string; readonly current?: string; readonly tls?: readonly string[] } = {},
): string {
  const folder = tempFolder();
  const id = createHash('sha256').update(name).digest('hex');
  const meta = path.join(folder, 'contexts', 'meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    path.join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }),
  );
  writeFileSync(
    path.join(folder, 'config.json'),
    JSON.stringify({ auths: {}, ...(current === '' ? {} : { currentContext: current }) }),
  );
  const certificates = path.join(folder, 'contexts', 'tls', id, 'docker');
  mkdirSync(certificates, { recursive: true });
  for (const file of tls) writeFileSync(path.join(certificates, file), 'PEM');
  return folder;
}

const tlsFiles = ['ca.pem', 'cert.pem', 'key.pem'];

describe('where the local engine is', () => {
  it.each([
    [{}, usual],
    [{ DOCKER_HOST: '' }, usual],
    [
      { DOCKER_HOST: 'unix:///run/user/1000/docker.sock' },
      { kind: 'socket', socketPath: '/run/user/1000/docker.sock' },
    ],
    [{ DOCKER_HOST: 'unix:///tmp/my docker%.sock' }, { kind: 'socket', socketPath: '/tmp/my docker%.sock' }],
    [{ DOCKER_HOST: 'tcp://127.0.0.1:2375' }, { kind: 'tcp', host: '127.0.0.1', port: 2375 }],
    [{ DOCKER_HOST: 'tcp://build.example' }, { kind: 'tcp', host: 'build.example', port: 2375 }],
    [{ DOCKER_HOST: 'tcp://[::1]:4000' }, { kind: 'tcp', host: '::1', port: 4000 }],
    [{ DOCKER_HOST: 'http://build.example:80' }, { kind: 'tcp', host: 'build.example', port: 80 }],
    [
      { DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '0' },
      { kind: 'tcp', host: 'h', port: 1 },
    ],
    [
      { DOCKER_HOST: 'tcp://h:9', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/tls' },
      { kind: 'tls', host: 'h', port: 9, certificates: '/tls' },
    ],
    [{ DOCKER_HOST: 'ssh://server' }, { ...ssh, host: 'server' }],
    [
      { DOCKER_HOST: 'ssh://me@server:2222/run/docker.sock' },
      { kind: 'ssh', host: 'server', user: 'me', port: 2222, socketPath: '/run/docker.sock' },
    ],
    [{ DOCKER_HOST: 'ssh://[2001:db8::7]/' }, { ...ssh, host: '2001:db8::7' }],
  ])('is read from %j', async (environment, reach) => {
    expect((await localEndpoint({ DOCKER_CONFIG: tempFolder(), ...environment })).reach).toEqual(reach);
  });

  it('has its certificates where the docker command keeps its own files, unless something else is said', async () => {
    const overTls = { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1' };
    expect((await localEndpoint(overTls)).reach).toMatchObject({
      kind: 'tls',
      certificates: home,
      port: 2376,
    });
    const elsewhere = { DOCKER_HOST: 'https://h:443', DOCKER_CERT_PATH: '', DOCKER_CONFIG: '/conf' };
    expect((await localEndpoint(elsewhere)).reach).toMatchObject({ port: 443, certificates: '/conf' });
  });

  it.each([
    ['npipe:////./pipe/docker_engine', 'found the scheme npipe://'],
    ['unix://', 'found no absolute path'],
    ['unix://run/docker.sock', 'found no absolute path'],
    ['/var/run/docker.sock', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['localhost:2375', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['tcp://', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['tcp://host:port', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['tcp://host:99999', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['ssh://', 'expected unix:///path, tcp://host:port or ssh://user@host'],
    ['ssh://me:secret@there', 'found a password'],
    ['ssh://-oProxyCommand=evil', 'found a name that begins with a dash'],
    ['ssh://there/sock?x=1', 'found `?x=1` behind it'],
  ])('is refused where DOCKER_HOST=%s', async (host, complaint) => {
    const error: unknown = await localEndpoint({ DOCKER_HOST: host }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(`DOCKER_HOST=${host}: `);
    expect((error as Error).message).toContain(complaint);
  });
});

describe('contexts of the docker command', () => {
  it('are used as the command uses them: the one in use, another by DOCKER_CONTEXT, none beside DOCKER_HOST', async () => {
    const folder = dockerFolder({ Host: 'ssh://me@build' });
    const named = dockerFolder({ Host: 'tcp://other:2375' }, { name: 'other', current: '' });
    const at = (environment: NodeJS.ProcessEnv) => localEndpoint(environment).then(({ name }) => name);
    expect(await at({ DOCKER_CONFIG: folder })).toBe('ssh://me@build (context build)');
    expect(await at({ DOCKER_CONFIG: named })).toBe('unix:///var/run/docker.sock');
    expect(await at({ DOCKER_CONFIG: named, DOCKER_CONTEXT: 'other' })).toBe(
      'tcp://other:2375 (context other)',
    );
    expect(await at({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'default' })).toBe(
      'unix:///var/run/docker.sock',
    );
    expect(await at({ DOCKER_CONFIG: folder, DOCKER_HOST: 'tcp://h' })).toBe('tcp://h');
  });

  it('are reached over TLS where they have certificates', async () => {
    const folder = dockerFolder({ Host: 'tcp://build:2376' }, { tls: tlsFiles });
    const { reach } = await localEndpoint({ DOCKER_CONFIG: folder });
    expect(reach).toMatchObject({ kind: 'tls', host: 'build', port: 2376 });
    expect((reach as { readonly certificates: string }).certificates).toMatch(
      /\/contexts\/tls\/[0-9a-f]{64}\/docker$/,
    );
    const plain = dockerFolder({ Host: 'tcp://build:2376' });
    expect((await localEndpoint({ DOCKER_CONFIG: plain })).reach.kind).toBe('tcp');
  });

  it.each([
    [
      'is not there',
      { DOCKER_CONTEXT: 'gone' },
      /expected the Docker context `gone`, which DOCKER_CONTEXT names; found no .*meta\.json/,
    ],
    ['has no host', { DOCKER_CONFIG: () => dockerFolder({}) }, /the Docker context `build` names no host/],
    [
      'does not verify its engine',
      { DOCKER_CONFIG: () => dockerFolder({ Host: 'tcp://b', SkipTLSVerify: true }, { tls: tlsFiles }) },
      /the Docker context `build` does not verify who its engine is/,
    ],
    [
      'has an address that is none',
      { DOCKER_CONFIG: () => dockerFolder({ Host: 'npipe://x' }) },
      /the Docker context build: npipe:\/\/x: expected unix/,
    ],
    [
      'cannot be read',
      { DOCKER_CONFIG: () => dockerFolder({ Host: 7 }) },
      /could not read .*meta\.json, which says where the local engine is: .*Endpoints\.docker\.Host/s,
    ],
  ])(
    'are refused with the reason: one that %s',
    async (
      _,
      { DOCKER_CONFIG, DOCKER_CONTEXT }: { DOCKER_CONFIG?: () => string; DOCKER_CONTEXT?: string },
      complaint,
    ) => {
      const folder = DOCKER_CONFIG?.() ?? dockerFolder({ Host: 'tcp://b' });
      const error: unknown = await localEndpoint({ DOCKER_CONFIG: folder, DOCKER_CONTEXT }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(LabError);
      expect((error as Error).message).toMatch(complaint);
    },
  );

  it('are not known where the config cannot be read, which is said', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'config.json'), '{ "currentContext": ');
    await expect(localEndpoint({ DOCKER_CONFIG: folder })).rejects.toThrow(/could not read .*config\.json/);
    await expect(localEndpoint({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'default' })).resolves.toBeDefined();
  });
});

describe('an engine of another machine', () => {
  it.each([
    ['tcp://server:2376', true],
    ['ssh://server', true],
    ['tcp://127.0.0.1:2375', false],
    ['tcp://[::1]:2375', false],
    ['ssh://localhost', false],
    ['unix:///var/run/docker.sock', false],
  ])('is called so: %s, %s', async (host, remote) => {
    const endpoint = await localEndpoint({ DOCKER_HOST: host });
    expect(isRemote(endpoint)).toBe(remote);
    expect(endpointText(endpoint)).toBe(remote ? `${host} on another machine` : host);
  });
});
