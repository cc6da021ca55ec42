import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDocker } from '../../../../src/engine/docker/connection.js';
import type { SshHost } from '../../../../src/engine/local/dockerEndpoint.js';
import { tryLocal } from '../../../../src/engine/local/local.js';
import { openSshTunnel, sshArguments } from '../../../../src/engine/local/sshTunnel.js';
import { engineProgress } from '../../../../src/engine/port/engineProgress.js';
import { fakeDocker } from '../fakeDocker.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const server: SshHost = { kind: 'ssh', host: 'server', user: 'me', port: 2222, socketPath: undefined };

/** An `ssh` that is a program of this machine, before all others. */
function sshIs(script: string): string {
  const bin = tempFolder();
  writeFileSync(path.join(bin, 'ssh'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  withEnvironment({ PATH: `${bin}:${process.env['PATH'] ?? ''}`, TMPDIR: tempFolder() });
  return bin;
}

/** What connects standard input and output with a Unix socket, as `docker system dial-stdio` does. */
const dials = (socketPath: string): string =>
  `exec ${process.execPath} -e 'const s = require("net").connect(process.argv[1]); process.stdin.pipe(s); s.pipe(process.stdout);' ${socketPath}`;

describe('an engine behind ssh', () => {
  it('is asked for as the docker command asks for it, and a name is no option', () => {
    expect(sshArguments(server)).toEqual([
      ...['-o', 'ConnectTimeout=30', '-T', '-l', 'me', '-p', '2222', '--', 'server'],
      'docker system dial-stdio',
    ]);
    const plain = { ...server, user: undefined, port: undefined, socketPath: "/run/it's" };
    expect(sshArguments(plain).slice(-2)).toEqual([
      'server',
      String.raw`docker --host 'unix:///run/it'\''s' system dial-stdio`,
    ]);
  });

  it('answers through a socket of this machine, over a connection for each request', async () => {
    const docker = await fakeDocker({ info: { ID: 'there' } });
    const bin = sshIs(`echo "$@" >>"$(dirname "$0")/asked"; ${dials(docker.socketPath)}`);
    await using tunnel = await openSshTunnel(server);
    const client = await connectDocker({ kind: 'socket', socketPath: tunnel.socketPath });
    expect(await client.info()).toMatchObject({ ID: 'there' });
    expect(await client.info()).toMatchObject({ ID: 'there' });
    expect(tunnel.complaint()).toBe('');
    expect(bin).toBeDefined();
  });

  it('that cannot be logged in to is told with what ssh says', async () => {
    sshIs('echo "me@server: Permission denied (publickey)." >&2; exit 255');
    withEnvironment({ DOCKER_HOST: 'ssh://me@server', DOCKER_TLS_VERIFY: undefined });
    const progress = engineProgress(() => undefined, new AbortController().signal);
    const attempt = tryLocal({ groups: [], tools: undefined, runId: 'a', progress });
    await expect(attempt).rejects.toThrow(
      'no Docker engine answers at ssh://me@server on another machine: ssh says: me@server: Permission denied (publickey).',
    );
  });

  it('that nobody can log in to, for there is no ssh, is told so', async () => {
    sshIs('true');
    withEnvironment({ PATH: tempFolder() });
    await using tunnel = await openSshTunnel(server);
    const client = await connectDocker({ kind: 'socket', socketPath: tunnel.socketPath });
    await expect(client.info()).rejects.toThrow();
    expect(tunnel.complaint()).toContain('spawn ssh ENOENT');
  });
});
