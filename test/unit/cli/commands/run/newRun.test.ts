import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import type { Services } from '../../../../../src/cli/frame/services.js';
import type { MeasuredRun } from '../../../../../src/matrix/estimate/runTimes.js';
import type { ResultDocument } from '../../../../../src/report/document/documentSchema.js';
import type { Job } from '../../../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../../../src/run/model/scenarioResult.js';
import { LabError, UsageError } from '../../../../../src/support/errors.js';
import { failed, inconclusive, passed } from '../../../report/samples.js';
import { fakeServices, folder, judging, lvsLab, result, scenarioFiles, type Calls } from '../../harness.js';

const giving = (...results: ScenarioResult[]): Services =>
  fakeServices({ runScenarios: () => Promise.resolve(results) });

describe('lvs-lab run', () => {
  it('runs what was named, on the engine that was asked for, and closes it', async () => {
    const calls: Calls = [];
    const argv = [
      'run',
      'close/server-first',
      'close/server-first-fixed',
      '--engine',
      'vm',
      '--kernel',
      'debian:trixie',
    ];
    const { code, out } = await lvsLab(
      [...argv, '--accel', 'tcg', '--image', 'ref:debian:12', '--expect', 'healthy'],
      fakeServices({}, calls),
    );
    expect(code).toBe(0);
    expect(calls).toEqual([
      'open vm debian:trixie tcg ref:debian:12',
      'run close/server-first close/server-first-fixed expecting healthy',
      'engine closed',
    ]);
    expect(out).toMatch(/^PASS {2}close\/server-first \(kernel debian:trixie, image ref:debian:12\): /m);
    expect(out).toMatch(/\n2 passed, 0 failed, 0 inconclusive, 0 broke\nreport: .+\/report\.html\n$/);
  });

  it('records how long its jobs took, and how much of that was for later ones; nothing of a job without a verdict', async () => {
    const recorded: MeasuredRun[] = [];
    const services = fakeServices({
      runScenarios: () =>
        Promise.resolve([
          result({ seconds: 55, preparationSeconds: 40 }),
          result({ error: new LabError('panic'), verdict: undefined, seconds: 9 }),
        ]),
      times: {
        read: () => Promise.resolve({ schema: 2, engines: [] }),
        add: (run) => Promise.resolve(void recorded.push(run)),
      },
    });
    await lvsLab(['run', 'close/server-first'], services);
    expect(recorded.map(({ jobs }) => jobs)).toEqual([
      [{ name: 'close/server-first', seconds: 55, preparationSeconds: 40 }],
    ]);
  });

  it('runs every scenario when none is named', async () => {
    const calls: Calls = [];
    await lvsLab(['run'], fakeServices({}, calls));
    expect(calls[0]).toBe('open auto default auto auto');
    expect(calls[1]).toMatch(/^run .*close\/server-first .*close\/server-first-fixed/);
  });

  it.each([
    ['0 when all passed', [result()], 0],
    ['1 when one failed', [result(), result({ verdict: failed })], 1],
    ['2 when the lab broke', [result({ error: new LabError('panic'), verdict: undefined })], 2],
    ['3 when one was inconclusive', [result(), result({ verdict: inconclusive })], 3],
    ['4 when nothing ran', [], 4],
    ['5 when rules are refused', [result({ error: new UsageError('line 3'), verdict: undefined })], 5],
  ])('ends with %s', async (_, results, code) => {
    expect((await lvsLab(['run', 'close/server-first'], giving(...results))).code).toBe(code);
  });

  it('keeps stdout pure JSON with --json, with the same exit code inside', async () => {
    const job = 'close/server-first-fixed';
    const services = giving(result(), result({ verdict: failed, scenario: job, job }));
    const { code, out, err } = await lvsLab(['run', 'close/server-first', job, '--json'], services);
    const document = JSON.parse(out) as ResultDocument;
    expect(document).toMatchObject({
      schema: 2,
      tool: { name: 'lvs-lab', version: '9.9.9' },
      engines: [{ identity: { kind: 'vm' } }],
      scenarios: [{ result: 'pass' }, { result: 'fail' }],
      exitCode: 1,
    });
    expect(document.runId).toMatch(/^[0-9a-z]{8}$/);
    expect(code).toBe(1);
    expect(err).toMatch(/^\[.*\] 2 scenarios; how long that takes is not known, .*\n$/);
  });

  it('gives a JSON document with the error also when the engine never came up', async () => {
    const error = new LabError('the guest kernel panicked', { hint: 'see console.log' });
    const services = fakeServices({ openEngine: () => Promise.reject(error) });
    const { code, out, err } = await lvsLab(
      ['run', 'close/server-first', '--json', '--progress', 'quiet'],
      services,
    );
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      scenarios: [{ job: 'close/server-first', result: 'not-run', notRun: 'no-engine' }],
      exitCode: 2,
      error: { message: 'the guest kernel panicked', hint: 'see console.log' },
    });
    expect(err).toBe('error: the guest kernel panicked\n  hint: see console.log\n');
  });

  it('closes the engine when the run breaks, and the error of the run is the one shown', async () => {
    const calls: Calls = [];
    const services = fakeServices(
      { runScenarios: () => Promise.reject(new LabError('QEMU was killed')) },
      calls,
    );
    const { code, err } = await lvsLab(['run', 'close/server-first'], services);
    expect(code).toBe(2);
    expect(calls.at(-1)).toBe('engine closed');
    expect(err).toContain('error: QEMU was killed\n');
  });

  it('passes events to the progress asked for, on stderr', async () => {
    const services = fakeServices({
      runScenarios: ({ emit }) => {
        emit({ type: 'stage-started', scenario: 'a', stage: 'control' });
        return Promise.resolve([result()]);
      },
    });
    const run = (progress: string) => lvsLab(['run', 'close/server-first', '--progress', progress], services);
    expect((await run('plain')).err).toMatch(/^\[.*1 scenario; .*\n\[ +0\.\ds\] a: control \.\.\.\n$/);
    expect((await run('auto')).err).toMatch(/^\[.*1 scenario; .*\n\[ +0\.\ds\] a: control \.\.\.\n$/);
    const events = (await run('json')).err.trim().split('\n');
    expect(events.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { type: 'estimated', scenarios: 1, jobs: 1, unknown: 1 },
      { type: 'stage-started', stage: 'control' },
    ]);
    expect((await run('quiet')).err).toBe('');
  });
});

describe('how jobs share the engine', () => {
  const asked = async (...argv: string[]) => {
    let request: Parameters<Services['runScenarios']>[0] | undefined;
    const services = fakeServices({
      runScenarios: (given) => {
        request = given;
        return Promise.resolve([result()]);
      },
    });
    await lvsLab(['run', 'close/server-first', ...argv], services);
    return request;
  };

  it('is left to the engine unless something is said', async () => {
    expect(await asked()).toMatchObject({ freshControl: false, stopAtFirst: false, lanes: undefined });
  });

  it('is what was asked for', async () => {
    expect(await asked('--fresh-control', '--lanes', '3', '-x')).toMatchObject({
      freshControl: true,
      stopAtFirst: true,
      lanes: 3,
    });
    expect(await asked('--stop-on-failure')).toMatchObject({ stopAtFirst: true });
  });
});

describe('what is printed of a run', () => {
  const passing = (_: Job) => passed;

  it('is everything of three jobs, and of four only what did not pass', async () => {
    const files = scenarioFiles(
      folder(),
      ['t/a', 't/b', 't/c', 't/d'].map((id) => ({ id })),
    );
    const few = await lvsLab(['run', ...files.slice(1)], judging(passing));
    expect(few.out.match(/^PASS {2}/gm)).toHaveLength(3);
    const many = await lvsLab(
      ['run', ...files],
      judging(({ name }) => (name === 't/b' ? failed : passed)),
    );
    expect(many.out).toMatch(/^FAIL {2}t\/b: /m);
    expect(many.out).not.toMatch(/^PASS {2}/m);
    expect(many.out).toMatch(/^ {2}PASS {2}bug seen, as expected +t\/a /m);
    expect(many.out).toMatch(/\n3 passed, 1 failed, 0 inconclusive, 0 broke\nreport: .+\/report\.html\n$/);
  });

  it('is everything with --verbose', async () => {
    const files = scenarioFiles(
      folder(),
      ['t/a', 't/b', 't/c', 't/d'].map((id) => ({ id })),
    );
    const { out } = await lvsLab(['run', '--verbose', ...files], judging(passing));
    expect(out.match(/^PASS {2}/gm)).toHaveLength(4);
  });
});

describe('the run directory', () => {
  it('is below runs/ and named by time and run id', async () => {
    const { cwd } = await lvsLab(['run', 'close/server-first']);
    expect(readdirSync(join(cwd, 'runs')).filter((name) => !/^\.|^latest$/.test(name))).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d-\d{6}-[0-9a-z]{8}$/),
    ]);
  });

  it('is the new or empty one that --out names', async () => {
    const { code, cwd, out } = await lvsLab(['run', 'close/server-first', '--out', 'a/b']);
    expect(code).toBe(0);
    expect(existsSync(join(cwd, 'a/b'))).toBe(true);
    expect(out).toContain(`evidence: ${join(cwd, 'a/b')}`);
    mkdirSync(join(cwd, 'empty'));
    expect(
      (await lvsLab(['run', 'close/server-first', '--out', 'empty'], fakeServices(), { cwd })).code,
    ).toBe(0);
  });

  it('never overwrites what is there, and nothing is started', async () => {
    const { cwd } = await lvsLab(['list']);
    writeFileSync(join(cwd, 'precious'), '');
    const calls: Calls = [];
    const used = await lvsLab(['run', 'close/server-first', '--out', '.'], fakeServices({}, calls), { cwd });
    expect(used.code).toBe(5);
    expect(used.err).toContain(`found ${cwd} with precious in it`);
    const file = await lvsLab(['run', 'close/server-first', '--out', 'precious'], fakeServices({}, calls), {
      cwd,
    });
    expect(file.code).toBe(5);
    expect(file.err).toContain('found a file in the way');
    const long = await lvsLab(
      ['run', 'close/server-first', '--out', 'x'.repeat(300)],
      fakeServices({}, calls),
      {
        cwd,
      },
    );
    expect(long.code).toBe(5);
    expect(long.err).toContain('can be none: ENAMETOOLONG');
    expect(calls).toEqual([]);
  });
});

describe('stopping a run', () => {
  const waiting = (calls: Calls): Services =>
    fakeServices(
      {
        runScenarios: ({ signal }) =>
          new Promise((_, reject) => {
            const hangUp = (): void => {
              reject(new Error('socket hang up'));
            };
            if (signal.aborted) hangUp();
            else signal.addEventListener('abort', hangUp);
          }),
      },
      calls,
    );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('with %s cleans up and ends with %i, whatever the abort broke', async (name, code) => {
    const calls: Calls = [];
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new Interruption(name));
    }, 20);
    const ended = await lvsLab(['run', 'close/server-first', '--progress', 'quiet'], waiting(calls), {
      signal: controller.signal,
    });
    expect(ended.code).toBe(code);
    expect(ended.err).toBe(`error: interrupted by ${name}\n`);
    expect(calls.at(-1)).toBe('engine closed');
  });

  it('keeps the verdicts that were there already', async () => {
    const controller = new AbortController();
    const services = fakeServices({
      runScenarios: () => {
        controller.abort(new Interruption('SIGINT'));
        return Promise.resolve([result()]);
      },
    });
    const { code, out } = await lvsLab(['run', 'close/server-first'], services, {
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(out).toContain('1 passed, 0 failed');
  });

  it('happens at the deadline, which is an error of the lab', async () => {
    const calls: Calls = [];
    const { code, err } = await lvsLab(['run', 'close/server-first', '--deadline', '20ms'], waiting(calls));
    expect(code).toBe(2);
    expect(err).toContain('expected the run to end within 20 ms (--deadline)');
    expect(calls.at(-1)).toBe('engine closed');
  });
});

describe('run --keep', () => {
  it('holds the lab and says how to look around', async () => {
    const calls: Calls = [];
    const services = fakeServices({}, calls);
    const holding: Services = {
      ...services,
      runScenarios: async ({ hold, jobs, runId, engine, emit, signal }) => {
        const { scenario } = jobs[0]!;
        const lab = await services.bringUpLab({ engine, scenario, runId, emit, signal });
        await hold?.(lab);
        return [result()];
      },
    };
    const { code, err } = await lvsLab(['run', '--keep', 'close/server-first'], holding);
    expect(code).toBe(0);
    expect(calls).toContain('hold');
    expect(err).toContain('lvs-lab shell director');
  });

  it.each([
    ['two scenarios', ['close/server-first', 'close/client-first']],
    ['one scenario twice', ['close/server-first', '--repeat-each', '2']],
  ])('does not want %s', async (_, argv) => {
    const calls: Calls = [];
    const { code, err } = await lvsLab(['run', '--keep', ...argv], fakeServices({}, calls));
    expect(code).toBe(5);
    expect(err).toContain('expected one job with --keep, found 2');
    expect(calls).toEqual([]);
  });
});
