import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { longestThink } from '../../../../../src/contracts/agents/numbers.js';

const run = promisify(execFile);
let directory: string;
let server: string;
let env: NodeJS.ProcessEnv;

/**
 * Stands in for nginx: notes that it was started, and leaves a process behind in the background. Its shell is gone by then, so
 * the process ends as what nginx's master is, too: a child of whoever takes orphans in.
 */
const fakeNginx = `#!/bin/sh
echo "$*" >>"$FAKE_LOG"
sleep 60 &
echo $! >"$FAKE_PID"
`;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-server-'));
  server = path.join(directory, 'server');
  await cp(fileURLToPath(new URL('../../../../../lab/node/server', import.meta.url)), server, {
    recursive: true,
  });
  env = {
    ...process.env,
    PATH: `${directory}:${process.env['PATH'] ?? ''}`,
    LVS_LAB_PORTS: '80 8000',
    LVS_LAB_NAME: 'realserver1',
    FAKE_LOG: path.join(directory, 'starts'),
    FAKE_PID: path.join(server, 'run', 'nginx.pid'),
  };
  await nginx(fakeNginx);
});
afterEach(async () => {
  await script('stop.sh').catch(() => undefined);
  await rm(directory, { recursive: true });
});

const nginx = (text: string) => writeFile(path.join(directory, 'nginx'), text, { mode: 0o755 });
const script = (name: string) => run('sh', [path.join(server, name)], { env });
const made = (name: string) => readFile(path.join(server, 'run', name), 'utf8');
const starts = async () => (await readFile(env['FAKE_LOG'] ?? '', 'utf8')).trim().split('\n');
/** Also false of a process that has ended and was not taken away yet. */
const isAlive = async (pid: number) => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^State:\s+[^Z]/m.test(status);
};

describe('serve.sh', () => {
  it('listens on every port, for both families', async () => {
    await script('serve.sh');
    expect(await made('listen.conf')).toBe(
      [
        'listen 80 backlog=4096;',
        'listen [::]:80 ipv6only=on backlog=4096;',
        'listen 8000 backlog=4096;',
        'listen [::]:8000 ipv6only=on backlog=4096;',
        '',
      ].join('\n'),
    );
  });

  it('names the server in every reply, and fills in all that is to be filled in', async () => {
    await script('serve.sh');
    const config = await made('nginx.conf');
    expect(config).toContain('add_header X-Realserver realserver1 always;');
    expect(config).not.toMatch(/@[A-Z]+@/);
    expect(await starts()).toEqual([`-c ${path.join(server, 'run', 'nginx.conf')}`]);
  });

  it('has a place for each time that a client can ask it to think, and nginx knows no other', async () => {
    await script('serve.sh');
    const times = (await made('late.conf')).trimEnd().split('\n');
    expect(times).toHaveLength(longestThink);
    expect(times[0]).toBe('location /late/1/ { auth_delay 1s; }');
    expect(times.at(-1)).toBe(`location /late/${longestThink}/ { auth_delay ${longestThink}s; }`);
    const known = /map \$arg_think \$think \{.*"~(.*)"/.exec(await made('nginx.conf'))?.[1] ?? '';
    const asked = Array.from({ length: 1000 }, (_, seconds) => seconds);
    expect(asked.filter((seconds) => new RegExp(known).test(String(seconds)))).toEqual(
      asked.slice(1, longestThink + 1),
    );
  });

  it('has no second server while one is running', async () => {
    await script('serve.sh');
    await script('serve.sh');
    expect(await starts()).toHaveLength(1);
  });

  it('starts one again where the last was killed', async () => {
    await script('serve.sh');
    process.kill(Number(await made('nginx.pid')), 'SIGKILL');
    await expect.poll(async () => isAlive(Number(await made('nginx.pid')))).toBe(false);
    await script('serve.sh');
    expect(await starts()).toHaveLength(2);
  });

  it('ends at once although the server has its standard error open', async () => {
    const startedAt = Date.now();
    await script('serve.sh');
    expect(Date.now() - startedAt).toBeLessThan(5000);
  });

  it('fails with what nginx said', async () => {
    await nginx('#!/bin/sh\necho "bind() failed" >&2\nexit 1\n');
    await expect(script('serve.sh')).rejects.toMatchObject({ code: 1, stderr: 'bind() failed\n' });
  });
});

describe('stop.sh', () => {
  it('returns when the server is gone', async () => {
    await script('serve.sh');
    const pid = Number(await made('nginx.pid'));
    expect(await isAlive(pid)).toBe(true);
    await script('stop.sh');
    expect(await isAlive(pid)).toBe(false);
  });

  it('has nothing to do where there is none', async () => {
    await expect(script('stop.sh')).resolves.toMatchObject({ stderr: '' });
  });

  it('lets serve.sh start it again', async () => {
    await script('serve.sh');
    await script('stop.sh');
    await script('serve.sh');
    expect(await starts()).toHaveLength(2);
    expect(await isAlive(Number(await made('nginx.pid')))).toBe(true);
  });
});

describe('start.sh', () => {
  it('stays when the server was stopped', async () => {
    const main = spawn('sh', [path.join(server, 'start.sh')], { env, detached: true });
    let ended = false;
    main.once('exit', () => (ended = true));
    try {
      await expect.poll(() => made('nginx.pid').catch(() => ''), { timeout: 5000 }).toMatch(/^\d+\n$/);
      await script('stop.sh');
      expect(ended).toBe(false);
    } finally {
      process.kill(-main.pid!);
    }
  });

  it('does not stay where the server did not start', async () => {
    await nginx('#!/bin/sh\nexit 1\n');
    await expect(script('start.sh')).rejects.toMatchObject({ code: 1 });
  });
});
