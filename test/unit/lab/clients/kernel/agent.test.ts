import type { LoadReport } from '../../../../../src/evidence/model/loadReport.js';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderOf } from '../../../contracts/agents/orders.js';
import { listen, realserver, type TestServer } from '../../servers.js';
import { Namespace } from '../raw/namespaces.js';
import { slowPerl } from '../../slowPerl.js';

const run = promisify(execFile);
let directory: string;
let agent: string;
let env: NodeJS.ProcessEnv;

// The agent as the client image has it: one CommonJS file.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lvs-lab-agent-'));
  agent = join(directory, 'agent.cjs');
  env = { ...process.env, TMPDIR: directory };
  await build({
    entryPoints: [fileURLToPath(new URL('../../../../../lab/clients/kernel/main.ts', import.meta.url))],
    outfile: agent,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    loader: { '.pl': 'text' },
  });
});
afterAll(() => rm(directory, { recursive: true }));

const driveArgs = (
  { target }: TestServer,
  timeout: number,
  connect: 'blocking' | 'non-blocking' = 'non-blocking',
): string[] => {
  const { host, port } = target;
  const order = orderOf(
    { target: host, ports: [port], source: '127.0.0.1', timeout },
    { connections: 2, connect },
  );
  return [agent, 'drive', JSON.stringify(order)];
};

describe('the bundled agent', () => {
  it.each([
    ['non-blocking' as const, true],
    ['blocking' as const, false],
  ])(
    'prints a load report, and says once that all are connected (%s)',
    async (connect, nonBlockingConnect) => {
      await using server = await listen(realserver);
      const { stdout, stderr } = await run(process.execPath, driveArgs(server, 5, connect), { env });
      const report = JSON.parse(stdout) as LoadReport;
      expect(report).toMatchObject({ requested: 2, nonBlockingConnect });
      expect(report.connections.map(({ complete }) => complete)).toEqual([true, true]);
      expect(stderr).toMatch(/^(@@ started \d\n)*@@ connected \d{10}\.\d{3}\n$/);
    },
  );

  it("begins a load's time when its clients have started, however long that takes", async () => {
    await using server = await listen((socket, path, request) => {
      setTimeout(realserver, 1500, socket, path, request);
    });
    // Neither is too long for the time that there is; both together are.
    const slow = { ...env, PATH: slowPerl(1.5) };
    const { stdout } = await run(process.execPath, driveArgs(server, 2.5, 'blocking'), { env: slow });
    const { connections } = JSON.parse(stdout) as LoadReport;
    expect(connections).toMatchObject([
      { connectCalled: true, complete: true },
      { connectCalled: true, complete: true },
    ]);
  });

  it('exits 3 when clients do not start in time, and says that they did not', async () => {
    await using server = await listen(realserver);
    const slow = { ...env, PATH: slowPerl(3) };
    const failure: unknown = await run(process.execPath, driveArgs(server, 0.4, 'blocking'), {
      env: slow,
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 3, stdout: '' });
    expect((failure as { stderr: string }).stderr).toContain(
      'only 0 of the 2 clients (blocking sockets of Perl) had started, and no other one within 0.4 s',
    );
    expect(server.seen).toEqual([]);
  });

  it('says that all are connected while they are, before its report', async () => {
    await using server = await listen(() => undefined);
    const child = spawn(process.execPath, driveArgs(server, 60), { env });
    const line = await new Promise<string>((resolve) => {
      child.stderr.once('data', (chunk: Buffer) => {
        resolve(chunk.toString());
      });
    });
    expect(line).toMatch(/^@@ connected \d{10}\.\d{3}\n$/);
    // A connection is there for its client before this process has accepted it.
    await expect.poll(() => server.seen).toHaveLength(2);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
  });

  it('prints what it has at SIGTERM and exits 0', async () => {
    await using server = await listen(() => undefined);
    const child = spawn(process.execPath, driveArgs(server, 60), { env });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await vi.waitFor(() => {
      expect(server.seen.flat()).toHaveLength(2);
    }, 5000);
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as LoadReport).connections[0]).toMatchObject({
      connected: true,
      complete: false,
    });
  });

  it.each([
    ['without an order', ['drive'], 'the order was refused'],
    [
      'with one that is wrong',
      ['drive', JSON.stringify(orderOf({ ports: [] }))],
      'the order was refused: ports: ',
    ],
    ['with a word that it does not know', ['walk'], 'usage:'],
  ])('exits 5 with its usage when called %s', async (_, argv, words) => {
    const failure: unknown = await run(process.execPath, [agent, ...argv], { env }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 5, stdout: '' });
    expect((failure as { stderr: string }).stderr).toContain(words);
    expect((failure as { stderr: string }).stderr).toContain('usage:');
  });

  it('serves one load after the other, and says of what is no order that it is none', async () => {
    await using server = await listen(realserver);
    const child = spawn(process.execPath, [agent, 'serve'], { env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [, , order = ''] = driveArgs(server, 5);
    child.stdin.end(`${order}\n["drive"]\n${order}\n`);
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { exitCode: number; report?: LoadReport });
    expect(answers.map(({ exitCode, report }) => [exitCode, report?.connections.length])).toEqual([
      [0, 2],
      [5, undefined],
      [0, 2],
    ]);
    expect(stderr).toContain('the order was refused: the whole');
  });

  it('is ready to serve without having sent a packet, or left a socket', async () => {
    await using namespace = await Namespace.create();
    await namespace.run('ip link set lo up');
    const counted = await namespace.run(
      `${process.execPath} ${agent} serve </dev/null 2>&1; cat /proc/net/dev /proc/net/sockstat`,
    );
    expect(counted).toMatch(/^@@ waiting\n/);
    expect(counted).toMatch(/ lo: +0 +0 /);
    // Orphans are those of the whole machine.
    expect(counted).toMatch(/TCP: inuse 0 orphan \d+ tw 0 /);
    // And where somebody sends one, it would be seen.
    await namespace.run("bash -c 'echo >/dev/udp/127.0.0.1/9'");
    expect(await namespace.run('cat /proc/net/dev')).toMatch(/ lo: +[1-9]/);
  });
});
