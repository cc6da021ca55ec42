import { execFile, spawnSync } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { listen, listenAsRealservers, realserver, type TestServer } from '../servers.js';

const script = fileURLToPath(new URL('../../../../lab/node/probe.sh', import.meta.url));

interface ProbeReport {
  readonly ready: boolean;
  readonly tries: number;
  readonly answered: Readonly<Record<string, number>>;
  readonly missing: readonly string[];
  readonly errors: readonly string[];
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile('bash', [script, ...argv], (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** The exit code and the report, which must be the only line printed. */
async function probe(
  { host, port }: TestServer['target'],
  names: readonly string[],
  seconds = '5',
  options: readonly string[] = [],
) {
  const { code, stdout, stderr } = await run([...options, host, String(port), seconds, ...names]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return { code, report: JSON.parse(stdout) as ProbeReport };
}

describe('probe.sh', () => {
  it('ends as soon as every realserver has answered', async () => {
    await using server = await listenAsRealservers(['realserver1', 'realserver1', 'realserver2']);
    expect(await probe(server.target, ['realserver1', 'realserver2'])).toEqual({
      code: 0,
      report: {
        ready: true,
        tries: 3,
        answered: { realserver1: 1, realserver2: 3 },
        missing: [],
        errors: [],
      },
    });
  });

  it('says who is missing, and who answered, when time is up', async () => {
    await using server = await listenAsRealservers(['realserver1', 'realserver3']);
    const { code, report } = await probe(server.target, ['realserver1', 'realserver2'], '1');
    expect(code).toBe(1);
    expect(report).toMatchObject({
      ready: false,
      answered: { realserver1: 1, realserver3: 2 },
      missing: ['realserver2'],
    });
  });

  it('is content with one of them where a service keeps a client to one realserver', async () => {
    await using server = await listenAsRealservers(['realserver2']);
    const names = ['realserver1', 'realserver2'];
    expect(await probe(server.target, names, '5', ['--any'])).toEqual({
      code: 0,
      report: { ready: true, tries: 1, answered: { realserver2: 1 }, missing: ['realserver1'], errors: [] },
    });
  });

  it('is not content with one that nobody asked for', async () => {
    await using server = await listenAsRealservers(['stranger']);
    const { code, report } = await probe(server.target, ['realserver1'], '1', ['--any']);
    expect(code).toBe(1);
    expect(report).toMatchObject({ ready: false, answered: { stranger: 1 }, missing: ['realserver1'] });
  });

  it('speaks IPv6, and names the host as HTTP wants it', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(200, { 'X-Realserver': 'realserver1' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code } = await probe({ host: '::1', port }, ['realserver1']);
    await new Promise((resolve) => server.close(resolve));
    expect({ code, hosts }).toEqual({ code: 0, hosts: ['[::1]'] });
  });

  it('does not count an answer that is an error', async () => {
    await using server = await listenAsRealservers(['broken']);
    const { code, report } = await probe(server.target, ['broken'], '1');
    expect(code).toBe(1);
    expect(report).toMatchObject({ answered: {}, missing: ['broken'] });
    expect(report.errors[0]).toMatch(/^try \d+: HTTP status 500$/);
  });

  it('asks again after failures, and reports the last five', async () => {
    const failures = Array<string>(7).fill('broken');
    await using server = await listenAsRealservers([...failures, 'realserver1']);
    const { code, report } = await probe(server.target, ['realserver1']);
    expect(code).toBe(0);
    expect(report.answered).toEqual({ realserver1: 8 });
    expect(report.errors).toEqual([3, 4, 5, 6, 7].map((number) => `try ${number}: HTTP status 500`));
  });

  it('says that the connection was refused', async () => {
    const server = await listen(realserver);
    await server[Symbol.asyncDispose]();
    const { code, report } = await probe(server.target, ['realserver1'], '1');
    expect(code).toBe(1);
    expect(report.errors[0]).toMatch(/^try \d+: Connection refused$/);
  });

  it('is over in time when the connection opens and nothing comes', async () => {
    await using server = await listen(() => undefined);
    const started = Date.now();
    const { code, report } = await probe(server.target, ['realserver1'], '3');
    expect(Date.now() - started).toBeLessThan(5000);
    expect(code).toBe(1);
    expect(report.errors[0]).toBe('try 1: no reply in 2000 ms');
    expect(report.errors[1]).toMatch(/^try 2: no reply in \d{1,3} ms$/);
  });

  it('is over in time when connections do not open, and tries again until then', async () => {
    // Two connections fill this queue, and the test's own thread, waiting in spawnSync, takes none out: more SYNs go unanswered.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, resolve));
    const { port } = server.address() as AddressInfo;
    const full = `exec 8<>/dev/tcp/127.0.0.1/${port} 9<>/dev/tcp/127.0.0.1/${port}`;
    const started = Date.now();
    const { status, stdout } = spawnSync(
      'bash',
      ['-c', `${full}; exec bash "$@"`, 'bash', script, '127.0.0.1', String(port), '3', 'realserver1'],
      { encoding: 'utf8', timeout: 9000 },
    );
    expect(Date.now() - started).toBeLessThan(5000);
    await new Promise((resolve) => server.close(resolve));
    expect(status).toBe(1);
    const { errors } = JSON.parse(stdout) as ProbeReport;
    expect(errors[0]).toBe('try 1: no connection in 2000 ms');
    expect(errors[1]).toMatch(/^try 2: no connection in \d{1,3} ms$/);
  });

  it.each([
    [
      'breaks off',
      'HTTP/1.1 200 OK\r\nX-Realserver: r',
      'the connection ended before the reply was complete',
    ],
    ['is not HTTP', 'SSH-2.0-"x"\r\n\r\n', 'a reply that is not HTTP'],
    ['names nobody', 'HTTP/1.1 200 OK\r\n\r\n', 'a reply without X-Realserver'],
  ])('does not count a reply that %s', async (_, text, problem) => {
    await using server = await listen((socket) => socket.end(text));
    const { code, report } = await probe(server.target, ['r'], '1');
    expect(code).toBe(1);
    expect(report.errors[0]?.replace(/^try \d+: /, '')).toBe(problem);
  });

  it('sends one request a connection and closes it in good order, without a reset', async () => {
    await using server = await listen(realserver);
    const { report } = await probe(server.target, ['realserver1']);
    expect(report.tries).toBe(1);
    await vi.waitFor(() => {
      expect(server.seen).toEqual([['request', 'end', 'close']]);
    });
  });

  it.each([
    ['no realserver', ['127.0.0.1', '80', '1'], 'REALSERVER'],
    ['no realserver beside --any', ['--any', '127.0.0.1', '80', '1'], 'REALSERVER'],
    ['a host name', ['localhost', '80', '1', 'a'], 'VIP'],
    ['a host name like an address', ['fade', '80', '1', 'a'], 'VIP'],
    ['a port too high', ['127.0.0.1', '65536', '1', 'a'], 'PORT'],
    ['a time that is no number', ['127.0.0.1', '80', 'soon', 'a'], 'SECONDS'],
    ['a name with a quote', ['127.0.0.1', '80', '1', 'a"b'], 'a"b'],
  ])('exits 5 with its usage at %s', async (_, argv, word) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/^usage: /m);
    expect(stderr.split('\nusage')[0]).toContain(word);
  });
});
