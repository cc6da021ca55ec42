import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { localConnection } from '../../../../src/engine/local/localConnection.js';
import { UsageError } from '../../../../src/support/errors.js';

const home = path.join(homedir(), '.docker');

describe('localConnection', () => {
  it.each([
    [{}, { kind: 'socket', socketPath: '/var/run/docker.sock' }],
    [{ DOCKER_HOST: '' }, { kind: 'socket', socketPath: '/var/run/docker.sock' }],
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
      { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1' },
      { kind: 'tls', host: 'h', port: 2376, certificates: home },
    ],
    [
      { DOCKER_HOST: 'tcp://h:9', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/tls' },
      { kind: 'tls', host: 'h', port: 9, certificates: '/tls' },
    ],
    [
      { DOCKER_HOST: 'https://h:443', DOCKER_CERT_PATH: '' },
      { kind: 'tls', host: 'h', port: 443, certificates: home },
    ],
  ])('reads %j', (environment, connection) => {
    expect(localConnection(environment)).toEqual(connection);
  });

  it.each([
    ['ssh://me@there', 'found the scheme ssh://'],
    ['npipe:////./pipe/docker_engine', 'found the scheme npipe://'],
    ['unix://', 'found no absolute path'],
    ['unix://run/docker.sock', 'found no absolute path'],
    ['/var/run/docker.sock', 'expected unix:///path or tcp://host:port'],
    ['localhost:2375', 'expected unix:///path or tcp://host:port'],
    ['tcp://', 'expected unix:///path or tcp://host:port'],
    ['tcp://host:port', 'expected unix:///path or tcp://host:port'],
    ['tcp://host:99999', 'expected unix:///path or tcp://host:port'],
  ])('refuses DOCKER_HOST=%s', (host, complaint) => {
    const read = (): unknown => localConnection({ DOCKER_HOST: host });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`DOCKER_HOST=${host}: `);
    expect(read).toThrow(complaint);
  });
});
