import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import type { Services } from '../../../../../src/cli/frame/services.js';
import type { Job } from '../../../../../src/run/model/jobs.js';
import { LabError } from '../../../../../src/support/errors.js';
import { failed } from '../../../report/samples.js';
import { fakeServices, folder, lvsLab, result, scenarioFiles } from '../../harness.js';
import { documentIn, nested } from '../../matrices.js';

const three = (directory: string): string[] =>
  scenarioFiles(
    directory,
    ['t/a', 't/b', 't/c'].map((id) => ({ id })),
  );

/** Runs three scenarios of which only the first is started; `before` makes it so. */
async function accountsOf(argv: readonly string[], services: Services, signal?: AbortSignal) {
  const directory = folder();
  const all = ['run', ...three(directory), '--out', 'out', '--junit', 'j.xml', '--ktap', 'k.tap', ...argv];
  const ended = await lvsLab(all, services, { cwd: directory, ...(signal === undefined ? {} : { signal }) });
  const text = (name: string) => readFileSync(join(directory, name), 'utf8');
  return { ...ended, document: documentIn(directory, 'out'), junit: text('j.xml'), ktap: text('k.tap') };
}

const first = (jobs: readonly Job[]) => jobs.slice(0, 1).map((job) => result({}, job));

/** Each way in which jobs can be left, with a world that makes it so. */
const ways = {
  interrupted: () => {
    const controller = new AbortController();
    const services = fakeServices({
      runScenarios: ({ jobs }) => {
        controller.abort(new Interruption('SIGINT'));
        return Promise.resolve(first(jobs));
      },
    });
    return accountsOf([], services, controller.signal);
  },
  deadline: () =>
    accountsOf(
      ['--deadline', '20ms'],
      fakeServices({
        runScenarios: ({ jobs, signal }) =>
          new Promise((resolve) => {
            const end = (): void => {
              resolve(first(jobs));
            };
            if (signal.aborted) end();
            else signal.addEventListener('abort', end);
          }),
      }),
    ),
  stopped: () =>
    accountsOf(
      ['-x'],
      fakeServices({
        runScenarios: ({ jobs }) =>
          Promise.resolve(jobs.slice(0, 1).map((job) => result({ verdict: failed }, job))),
      }),
    ),
  'no-engine': () =>
    accountsOf([], fakeServices({ openEngine: () => Promise.reject(new LabError('no QEMU')) })),
  'ended-early': () =>
    accountsOf([], fakeServices({ runScenarios: () => Promise.reject(new LabError('no space left')) })),
} as const;

describe('jobs that were never started', () => {
  it.each([
    ['interrupted', 130],
    ['deadline', 2],
    ['stopped', 1],
    ['no-engine', 2],
    ['ended-early', 2],
  ] as const)('are in every account, with the reason: %s', async (why, code) => {
    const ended = await ways[why]();
    expect(ended.code).toBe(code);
    const started = ['no-engine', 'ended-early'].includes(why) ? 0 : 1;
    const left = 3 - started;
    const { scenarios, exitCode } = ended.document;
    expect(exitCode).toBe(code);
    expect(scenarios.map(({ job }) => job)).toEqual(['t/a', 't/b', 't/c']);
    expect(scenarios.map(({ notRun }) => notRun).slice(started)).toEqual(Array(left).fill(why));
    expect(ended.out).toContain(`, ${String(left)} not run\n`);
    expect(ended.out.match(/^ {2}NOT RUN +t\/[abc] /gm)).toHaveLength(left);
    expect(ended.out).toMatch(new RegExp(`^${String(left)} jobs? not run: `, 'm'));
    expect(ended.junit).toContain(`skipped="${String(left)}"`);
    expect(ended.junit.match(/<skipped message="not run: /g)).toHaveLength(left);
    expect(
      ended.ktap.match(/not ok \d t?\/?[abc] # ERROR not-run$|not ok \d [abc] # ERROR not-run$/gm),
    ).toHaveLength(left);
  });

  it('are none where all were started', async () => {
    const { code, document, out, junit, ktap } = await accountsOf([], fakeServices());
    expect(code).toBe(0);
    expect(document.scenarios.map((entry) => entry.result)).toEqual(['pass', 'pass', 'pass']);
    expect(out + junit + ktap).not.toMatch(/not.run/i);
  });

  it('are told of a matrix too, of all its kernels', async () => {
    const directory = folder();
    const controller = new AbortController();
    const services = nested(
      fakeServices({
        runScenarios: ({ jobs }) => {
          controller.abort(new Interruption('SIGTERM'));
          return Promise.resolve(first(jobs));
        },
      }),
    );
    const argv = [
      'run',
      ...three(directory),
      '--kernel',
      'debian:bookworm,debian:sid',
      '--vms',
      '1',
      '--out',
      'out',
    ];
    const { code, out } = await lvsLab(argv, services, { cwd: directory, signal: controller.signal });
    expect(code).toBe(143);
    expect(
      documentIn(directory, 'out').scenarios.map(({ job, cell, notRun }) => [cell.kernel, job, notRun]),
    ).toEqual([
      ['debian:bookworm', 't/a', undefined],
      ['debian:bookworm', 't/b', 'interrupted'],
      ['debian:bookworm', 't/c', 'interrupted'],
      ['debian:sid', 't/a', 'interrupted'],
      ['debian:sid', 't/b', 'interrupted'],
      ['debian:sid', 't/c', 'interrupted'],
    ]);
    expect(out).toContain('1 passed, 0 failed, 0 inconclusive, 0 broke, 5 not run\n');
  });

  it('are one annotation of GitHub, and listed in its summary by their reason', async () => {
    const directory = folder();
    const summary = join(directory, 'summary.md');
    const services = fakeServices({ openEngine: () => Promise.reject(new LabError('no QEMU')) });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { err } = await lvsLab(['run', ...three(directory), '--out', 'out'], services, {
      cwd: directory,
      env,
    });
    expect(err).toContain('::error title=lvs-lab%3A not run::3 jobs that were asked for were not run');
    const written = readFileSync(summary, 'utf8');
    expect(written).toContain('| ⏹️ not run | t/a |');
    expect(written).toContain('- not run: no engine could be opened: t/a, t/b, t/c');
  });
});
