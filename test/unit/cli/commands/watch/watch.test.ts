import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import type { Io } from '../../../../../src/cli/frame/io.js';
import type { Job } from '../../../../../src/run/model/jobs.js';
import { ExitCode, LabError } from '../../../../../src/support/errors.js';
import { abortable } from '../../../../../src/support/wait.js';
import { judged } from '../../../report/html/recorded.js';
import { failed } from '../../../report/samples.js';
import { fakeServices, folder, lvsLab, result, type Calls } from '../../harness.js';

const stock =
  '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 80 -m state --state NEW -j ACCEPT\nCOMMIT\n';
const mended = stock.replace(' -m state --state NEW', '');

const { verdict: healthy = failed } = await judged('healthy');

/** A terminal's keys. */
class FakeKeys extends EventEmitter {
  readonly isTTY = true;
  readonly told: string[] = [];
  setRawMode(isRaw: boolean): void {
    this.told.push(isRaw ? 'raw' : 'cooked');
  }
  resume(): void {
    this.told.push('resume');
  }
  pause(): void {
    this.told.push('pause');
  }
}

interface Watching {
  readonly argv?: readonly string[];
  readonly isTerminal?: boolean;
  /** What a job comes to, of this how-manieth run; the default is that it fails while its rules ask for NEW. */
  readonly verdictOf?: (job: Job, run: number, signal: AbortSignal) => Promise<'passed' | 'failed' | 'broke'>;
}

/** `watch` on two scenarios with a rule file each, running; labs say what the rules let expect. */
function watching({ argv = ['a.yaml', 'b.yaml'], isTerminal = false, verdictOf }: Watching = {}) {
  const cwd = folder();
  const at = (name: string): string => join(cwd, name);
  for (const name of ['a', 'b']) {
    writeFileSync(at(`${name}.iptables`), stock);
    writeFileSync(
      at(`${name}.yaml`),
      `id: my/${name}\ntitle: T\nload: { close: { first: server } }\ndirector: { rules: { file: ${name}.iptables } }\nexpect: { outcome: healthy }\n`,
    );
  }
  const calls: Calls = [];
  let runs = 0;
  const asRules = ({ scenario }: Job) =>
    Promise.resolve(scenario.roles.director.rules?.includes('NEW') === true ? 'failed' : 'passed');
  const services = fakeServices(
    {
      runScenarios: async ({ jobs, out, explain, signal, untried, labs }) => {
        const run = (runs += 1);
        const flags = [
          explain ? 'explained' : [],
          untried === true ? [] : 'tried',
          labs === undefined ? 'no labs' : [],
        ];
        calls.push(['run', ...jobs.map(({ name }) => name), ...flags.flat()].join(' '));
        mkdirSync(out, { recursive: true });
        return Promise.all(
          jobs.map(async (job) => {
            const { hash, file } = job.scenario;
            const parts = { directory: join(out, job.name), hash, file };
            const came = await (verdictOf ?? asRules)(job, run, signal);
            if (came === 'broke')
              return result({ ...parts, verdict: undefined, error: new LabError('the guest is gone') }, job);
            return result({ ...parts, verdict: came === 'passed' ? healthy : failed }, job);
          }),
        );
      },
    },
    calls,
  );
  const stop = new AbortController();
  const stdin = new FakeKeys();
  const stdout = Object.assign(new PassThrough(), isTerminal ? { isTTY: true as const, columns: 200 } : {});
  const stderr = new PassThrough();
  let text = '';
  for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const io: Partial<Io> = {
    ...{ cwd, stdout, stderr, signal: stop.signal },
    ...(isTerminal ? { stdin, env: { TERM: 'xterm' } } : {}),
    interrupt: () => {
      stop.abort(new Interruption('SIGINT'));
    },
  };
  const ended = lvsLab(
    ['watch', ...argv.map((one) => (one.endsWith('.yaml') ? at(one) : one)), '--out', 'out'],
    services,
    io,
  );
  let read = 0;
  /** What is shown until it waits again. */
  const round = async (): Promise<string> => {
    await expect.poll(() => text.slice(read).includes('watching '), { timeout: 10_000 }).toBe(true);
    const shown = text.slice(read);
    read = text.length;
    return shown;
  };
  return { at, cwd, calls, stop, stdin, ended, round, all: () => text };
}

describe('lvs-lab watch', () => {
  it('runs all, and then whatever was saved, says what changed, and makes the next lab ready', async () => {
    const { at, calls, round, stop, ended } = watching();
    const first = await round();
    expect(first).toContain('FAIL  my/a');
    expect(first).toContain('FAIL  my/b');
    expect(first).not.toContain('since round');
    expect(first).toContain('watching 4 files; Ctrl-C ends');
    writeFileSync(at('b.iptables.new'), mended);
    renameSync(at('b.iptables.new'), at('b.iptables'));
    const second = await round();
    expect(second).toMatch(/round 2, changed: b\.iptables/);
    expect(second).toContain('PASS  my/b');
    expect(second).toMatch(/since round 1:\n {4}fail: .* -> pass: healthy/);
    expect(second).toMatch(/from the change to the verdict: \d/);
    expect(second).not.toContain('my/a');
    writeFileSync(at('a.yaml'), readFileSync(at('a.yaml'), 'utf8').replace('title: T', 'title: Other'));
    expect(await round()).toContain('FAIL  my/a');
    expect(calls.filter((call) => /^(?:run|prepare)/.test(call))).toEqual([
      ...['run my/a my/b', 'prepare my/a'],
      ...['run my/b', 'prepare my/b'],
      ...['run my/a', 'prepare my/a'],
    ]);
    stop.abort(new Interruption('SIGINT'));
    expect((await ended).code).toBe(ExitCode.interrupted);
    expect(calls.slice(-2)).toEqual(['ready labs removed', 'engine closed']);
  });

  it('shows what is wrong in a file that is saved broken, where, and goes on', async () => {
    const { at, calls, round, stop, ended } = watching();
    await round();
    const before = readFileSync(at('a.yaml'), 'utf8');
    writeFileSync(at('a.yaml'), before.replace('title: T', 'titel: T'));
    const broken = await round();
    expect(broken).toMatch(/a\.yaml:2:1: .*titel/);
    expect(broken).not.toMatch(/PASS|FAIL/);
    // The other is run all the same, and the error stays in sight.
    writeFileSync(at('b.iptables'), mended);
    const other = await round();
    expect(other).toContain('PASS  my/b');
    expect(other).toMatch(/a\.yaml:2:1: /);
    writeFileSync(at('a.yaml'), `${before}# mended\n`);
    expect(await round()).toContain('FAIL  my/a');
    expect(calls.filter((call) => call.startsWith('run'))).toEqual(['run my/a my/b', 'run my/b', 'run my/a']);
    stop.abort(new Interruption('SIGINT'));
    await ended;
  });

  it('begins with a file that is broken, or names one that is not there, and follows what it names', async () => {
    const { at, round, stop, ended } = watching();
    await round();
    const before = readFileSync(at('a.yaml'), 'utf8');
    writeFileSync(at('a.yaml'), before.replace('a.iptables', 'later.iptables'));
    expect(await round()).toMatch(/a\.yaml:4:\d+: \S*later\.iptables: .*no such file/);
    writeFileSync(at('later.iptables'), mended);
    expect(await round()).toContain('PASS  my/a');
    stop.abort(new Interruption('SIGTERM'));
    expect((await ended).code).toBe(ExitCode.terminated);
  });

  it('ends the round that is running when something is saved, and leaves nothing of it', async () => {
    const { at, cwd, calls, round, stop, ended } = watching({
      argv: ['a.yaml'],
      verdictOf: async ({ scenario }, run, signal) => {
        if (run === 2) await abortable(new Promise<never>(() => undefined), signal).catch(() => undefined);
        if (signal.aborted) return 'broke';
        return scenario.roles.director.rules?.includes('NEW') === true ? 'failed' : 'passed';
      },
    });
    await round();
    writeFileSync(at('a.iptables'), `${stock}# slow\n`);
    await expect.poll(() => calls.filter((call) => call.startsWith('run')).length).toBe(2);
    writeFileSync(at('a.iptables'), mended);
    const shown = await round();
    expect(shown).toContain('PASS  my/a');
    expect(shown).not.toContain('BROKE');
    expect(shown).toContain('round 2, changed: a.iptables');
    expect(calls.filter((call) => call.startsWith('run')).length).toBe(3);
    await expect.poll(() => existsSync(join(cwd, 'out', '2', 'report.html'))).toBe(true);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['1', '2']);
    stop.abort(new Interruption('SIGINT'));
    await ended;
  });

  it('has keys at a terminal, which is emptied for each round and left as it was', async () => {
    const { at, calls, round, stdin, ended, all } = watching({ isTerminal: true });
    expect(await round()).toContain('q quits, r runs again, e explains');
    expect(all()).toContain('\u001b[2J\u001b[H');
    stdin.emit('data', 'r');
    expect(await round()).toContain('round 2, asked for');
    writeFileSync(at('b.iptables'), mended);
    await round();
    stdin.emit('data', 'e');
    await round();
    expect(calls.filter((call) => call.startsWith('run'))).toEqual([
      'run my/a my/b',
      'run my/a my/b',
      'run my/b',
      'run my/a explained',
    ]);
    stdin.emit('data', 'q');
    expect((await ended).code).toBe(ExitCode.ok);
    expect(stdin.told).toEqual(['raw', 'resume', 'cooked', 'pause']);
    expect(calls.slice(-2)).toEqual(['ready labs removed', 'engine closed']);
  });

  it('ends by Ctrl-C as a key too, in the middle of a round', async () => {
    const { calls, stdin, ended } = watching({
      isTerminal: true,
      verdictOf: async (_job, _run, signal) => {
        await abortable(new Promise<never>(() => undefined), signal).catch(() => undefined);
        return 'broke';
      },
    });
    await expect.poll(() => calls.some((call) => call.startsWith('run'))).toBe(true);
    stdin.emit('data', '\u0003');
    expect((await ended).code).toBe(ExitCode.interrupted);
    expect(stdin.told.slice(-2)).toEqual(['cooked', 'pause']);
    expect(calls.at(-1)).toBe('engine closed');
  });

  it('says when a lab broke, and runs that again with whatever is saved next', async () => {
    const { at, calls, round, stop, ended } = watching({
      verdictOf: ({ name }, run) => Promise.resolve(run === 1 && name === 'my/a' ? 'broke' : 'passed'),
    });
    const first = await round();
    expect(first).toContain('the guest is gone');
    writeFileSync(at('b.iptables'), mended);
    const second = await round();
    expect(second).toMatch(/PASS {2}my\/b[^]*since round 1 nothing has changed/);
    expect(second).toMatch(/PASS {2}my\/a(?:(?!since)[^])*PASS/);
    expect(calls.filter((call) => call.startsWith('run'))).toEqual(['run my/a my/b', 'run my/a my/b']);
    stop.abort(new Interruption('SIGINT'));
    await ended;
  });

  it('takes ids and globs of the library, and refuses what there is not before it opens an engine', async () => {
    const { calls, round, stop, ended } = watching({ argv: ['close/server-first*'] });
    await round();
    expect(calls.find((call) => call.startsWith('run'))).toMatch(
      /^run close\/server-first close\/server-first-/,
    );
    stop.abort(new Interruption('SIGINT'));
    await ended;
    for (const name of ['close/nothing', 'not-there.yaml']) {
      const refused = await lvsLab(['watch', name], fakeServices());
      expect(refused.code).toBe(ExitCode.usage);
      expect(refused.err).toContain(name);
    }
  });

  it('leaves a run directory for each round, with results and page', async () => {
    const { cwd, round, stop, ended } = watching({ argv: ['a.yaml'] });
    expect(await round()).toContain(`evidence and page: ${join(cwd, 'out', '1')}`);
    await expect.poll(() => existsSync(join(cwd, 'out', '1', 'report.html'))).toBe(true);
    const document = JSON.parse(readFileSync(join(cwd, 'out', '1', 'results.json'), 'utf8')) as {
      scenarios: unknown;
    };
    expect(document.scenarios).toMatchObject([{ id: 'my/a', result: 'fail' }]);
    stop.abort(new Interruption('SIGINT'));
    await ended;
  });
});
