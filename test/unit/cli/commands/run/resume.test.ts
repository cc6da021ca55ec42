import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import type { Services } from '../../../../../src/cli/frame/services.js';
import { documentDigest } from '../../../../../src/report/document/documentDigest.js';
import { jobDirectory, type Job } from '../../../../../src/run/model/jobs.js';
import { LabError } from '../../../../../src/support/errors.js';
import { identity, passed } from '../../../report/samples.js';
import { fakeServices, folder, lvsLab, result, scenarioFiles, type Calls } from '../../harness.js';
import { documentIn, leaveEvidence, leavingEvidence, nested, rewriteDocument } from '../../matrices.js';

const ids = ['t/a', 't/b', 't/c'];

const rulesOf = (target: string) => `*filter\n-A INPUT -j ${target}\nCOMMIT\n`;

/** Has another process claim the run, as one that resumes it does. */
function claim(asked: string, process: string): void {
  const claimed = { ...(JSON.parse(readFileSync(asked, 'utf8')) as object), process };
  writeFileSync(asked, JSON.stringify({ ...claimed, sha256: documentDigest(claimed) }));
}

/** What a job leaves in the run's directory: its folder, and with a verdict when it came to one. */
async function leave(out: string, job: Job, hasVerdict: boolean): Promise<void> {
  const directory = jobDirectory(out, job.name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'scenario.yaml'), 'half');
  writeFileSync(join(directory, 'plan.json'), '{}');
  if (!hasVerdict) return;
  await leaveEvidence(directory);
  writeFileSync(join(directory, 'verdict.json'), JSON.stringify(passed));
}

/** A folder with scenario files, a run in it that was interrupted in its second job, and how to go on with it. */
async function interrupted(
  argv: readonly string[] = [],
  wrap = (services: Services) => services,
  more: readonly string[] = [],
) {
  const cwd = folder();
  writeFileSync(join(cwd, 'mine.iptables'), rulesOf('ACCEPT'));
  const files = scenarioFiles(
    cwd,
    ids.map((id) => ({ id, more })),
  );
  const controller = new AbortController();
  const services = fakeServices({
    runScenarios: async ({ jobs, out }) => {
      const [first, second] = jobs as [Job, Job];
      await leave(out, first, true);
      await leave(out, second, false);
      writeFileSync(join(out, 'run.json'), JSON.stringify({ engine: identity }));
      const reason = new Interruption('SIGINT');
      controller.abort(reason);
      return [
        result({ directory: jobDirectory(out, first.name) }, first),
        result({ error: reason, verdict: undefined, directory: jobDirectory(out, second.name) }, second),
      ];
    },
  });
  const ended = await lvsLab(['run', ...files, '--out', 'out', ...argv], wrap(services), {
    cwd,
    signal: controller.signal,
  });
  expect(ended.code).toBe(130);
  const asked = join(cwd, 'out', 'asked.json');
  // Its process is this one, which lives on.
  const record = JSON.parse(readFileSync(asked, 'utf8')) as { process: string };
  const living = record.process;
  claim(asked, living.replace(/\.\d+$/, '.1'));
  const calls: Calls = [];
  const resume = (more: readonly string[] = [], over: Partial<Services> = {}) =>
    lvsLab(['run', '--resume', 'out', ...more], wrap(leavingEvidence(fakeServices(over, calls))), { cwd });
  return { cwd, files, calls, resume, asked, living, out: join(cwd, 'out') };
}

describe('run --resume', () => {
  it('runs what has no verdict, as it was asked for, and gives the results of the whole', async () => {
    const { cwd, calls, resume, out } = await interrupted(['--expect', 'close-blocked']);
    const { code, out: printed } = await resume();
    expect(code).toBe(0);
    expect(calls).toContain('run t/b t/c expecting close-blocked');
    expect(calls[0]).toBe('open vm default auto auto');
    const { scenarios, exitCode, error } = documentIn(cwd, 'out');
    expect(scenarios.map(({ job, result: came }) => [job, came])).toEqual(ids.map((id) => [id, 'pass']));
    expect([exitCode, error]).toEqual([0, undefined]);
    expect(printed).toContain('3 passed, 0 failed, 0 inconclusive, 0 broke\n');
    // The half-run job's evidence is beside no other; that of the job with a verdict is where it was.
    expect(readdirSync(join(out, 'interrupted', '1')).sort()).toEqual(['run.json', 't-b']);
    expect(existsSync(join(out, 't-a', 'verdict.json'))).toBe(true);
  });

  it.each([
    ['the scenario', 't-a.yaml', 5],
    ['a verdict', 'out/t-a/verdict.json', 5],
    ['what was asked for', 'out/asked.json', 5],
    ['a report beside them', 'out/earlier.xml', 0],
  ])('writes no report into a file that is %s too, as a hard link', async (_, name, expected) => {
    const { cwd, files, resume } = await interrupted();
    writeFileSync(join(cwd, 'out/earlier.xml'), '');
    const linked = name === 't-a.yaml' ? (files[0] ?? '') : join(cwd, name);
    const before = readFileSync(linked, 'utf8');
    linkSync(linked, join(cwd, 'report'));
    const { code, err } = await resume(['--junit', 'report']);
    expect(code).toBe(expected);
    if (expected === 5) expect(err).toContain('expected --junit to name a file of its own');
    expect(readFileSync(linked, 'utf8') === before).toBe(expected === 5);
  });

  it('goes on with a run that was killed, by what is on disk', async () => {
    const { cwd, calls, resume, out } = await interrupted();
    rmSync(join(out, 'results.json'));
    expect((await resume()).code).toBe(0);
    expect(calls).toContain('run t/b t/c');
    expect(documentIn(cwd, 'out').scenarios.map(({ result: came }) => came)).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
    expect(documentIn(cwd, 'out').engines).toHaveLength(2);
  });

  it.each(['{', '{"engine":{"kind":"vm"}}', '{"engine":{"kind":"cloud","id":"x"}}'])(
    'believes no engine that a run.json does not wholly name: %s',
    async (text) => {
      const { cwd, resume, out } = await interrupted();
      rmSync(join(out, 'results.json'));
      writeFileSync(join(out, 'run.json'), text);
      expect((await resume()).code).toBe(0);
      expect(documentIn(cwd, 'out').engines).toHaveLength(1);
    },
  );

  it('runs a job again whose verdict was being written', async () => {
    const { calls, resume, out } = await interrupted();
    rmSync(join(out, 'results.json'));
    writeFileSync(join(out, 't-a', 'verdict.json'), JSON.stringify(passed).slice(0, 100));
    await resume();
    expect(calls).toContain('run t/a t/b t/c');
  });

  it.each<[string, (job: string) => void]>([
    [
      'a file of it was edited',
      (job) => {
        appendFileSync(join(job, 'measured/load.json'), ' ');
      },
    ],
    [
      'a phase of it is missing',
      (job) => {
        rmSync(join(job, 'measured'), { recursive: true });
      },
    ],
    [
      'its manifest is missing',
      (job) => {
        rmSync(join(job, 'manifest.json'));
      },
    ],
    [
      'all of it is missing',
      (job) => {
        rmSync(job, { recursive: true });
      },
    ],
  ])('runs a job again whose evidence is not what was recorded: %s', async (what, spoil) => {
    const { cwd, calls, resume, out } = await interrupted();
    spoil(join(out, 't-a'));
    const { code, err } = await resume();
    expect(code).toBe(0);
    expect(err).toContain('note: t/a is run again: its evidence is not what was recorded\n');
    expect(calls).toContain('run t/a t/b t/c');
    expect(documentIn(cwd, 'out').scenarios.map(({ result: came }) => came)).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
    // What there was of it is beside no other.
    const aside = readdirSync(join(out, 'interrupted', '1'));
    expect(aside.includes('t-a')).toBe(!what.startsWith('all'));
  });

  it('tells what there is when it is interrupted in its turn', async () => {
    const { cwd, resume } = await interrupted();
    const gone = new LabError('the VM is gone');
    const { code } = await resume([], { runScenarios: () => Promise.reject(gone) });
    expect(code).toBe(2);
    expect(documentIn(cwd, 'out').scenarios.map(({ result: came }) => came)).toEqual([
      'pass',
      'not-run',
      'not-run',
    ]);
    expect((await lvsLab(['run', '--resume', 'out'], fakeServices(), { cwd })).code).toBe(5); // This process has it.
  });

  it('has nothing to run where every job has its verdict, and ends as the whole did', async () => {
    const { calls, resume, asked, living, cwd } = await interrupted();
    await resume();
    claim(asked, living.replace(/\.\d+$/, '.1'));
    calls.length = 0;
    expect((await resume()).code).toBe(0);
    expect(calls).toEqual([]);
    expect(documentIn(cwd, 'out').scenarios).toHaveLength(3);
  });

  it('refuses scenario files that have changed or gone since, and names them', async () => {
    const { files, resume, calls } = await interrupted();
    appendFileSync(files[0]!, '# another\n');
    rmSync(files[2]!);
    const { code, err } = await resume();
    expect(code).toBe(5);
    expect(err).toContain(`${files[0]!}: has changed since`);
    expect(err).toContain(`${files[2]!}: cannot be read any more`);
    expect(err).not.toContain(files[1]);
    expect(calls).toEqual([]);
  });

  it('refuses rule files that have changed or gone since, and names them', async () => {
    const more = ['director: { rules: { file: mine.iptables } }'];
    const { cwd, files, resume, calls } = await interrupted([], undefined, more);
    const rules = join(cwd, 'mine.iptables');
    writeFileSync(rules, rulesOf('DROP'));
    const changed = await resume();
    expect(changed.code).toBe(5);
    expect(changed.err).toContain(
      `${files[0]!}: has changed since, or a rule file that it names has (mine.iptables)`,
    );
    rmSync(rules);
    const gone = await resume();
    expect(gone.code).toBe(5);
    expect(gone.err).toContain(`${files[0]!}: has changed since: ${rules}: expected a file of rules`);
    expect(calls).toEqual([]);
    writeFileSync(rules, rulesOf('ACCEPT'));
    expect((await resume()).code).toBe(0);
    expect(calls).toContain('run t/b t/c');
  });

  it('refuses a run that still goes on', async () => {
    const { asked, living, resume } = await interrupted();
    claim(asked, living);
    const { code, err } = await resume();
    expect(code).toBe(5);
    expect(err).toContain('it still goes on');
  });

  it('refuses another kernel than the run had', async () => {
    const { resume, cwd } = await interrupted();
    rewriteDocument(join(cwd, 'out'), ({ engines, ...document }) => ({
      ...document,
      engines: engines.map((engine) => ({ ...engine, identity: { ...engine.identity, kernel: '5.10.0' } })),
    }));
    const { code, err } = await resume();
    expect(code).toBe(5);
    expect(err).toContain('(vm, kernel 5.10.0) with --resume, found another (vm, kernel 6.1.0-40-amd64)');
  });

  it('goes on with a matrix, each kernel in a folder of its own', async () => {
    const children: Calls = [];
    const argv = ['--kernel', 'debian:bookworm,debian:sid', '--vms', '1'];
    const { cwd, calls, resume, out } = await interrupted(argv, (services) => nested(services, children));
    expect((await resume()).code).toBe(0);
    expect(calls.filter((call) => call.startsWith('run')).sort()).toEqual(['run t/a t/b t/c', 'run t/b t/c']);
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['debian-bookworm', 'debian-bookworm.2', 'debian-sid']),
    );
    expect(documentIn(cwd, 'out').scenarios.map(({ cell, result: came }) => [cell.kernel, came])).toEqual(
      ['debian:bookworm', 'debian:sid'].flatMap((kernel) => ids.map(() => [kernel, 'pass'])),
    );
  });

  it.each([
    ['scenarios', ['t/a'], 'expected no scenario with --resume'],
    ['another kernel', ['--kernel', 'debian:sid'], "cannot be used with option '--kernel"],
    ['another expectation', ['--expect', 'healthy'], "cannot be used with option '--expect"],
    ['another place', ['--out', 'x'], "cannot be used with option '--out"],
  ])('does not go with %s', async (_, more, complaint) => {
    const { resume, calls } = await interrupted();
    const { code, err } = await resume(more);
    expect(code).toBe(5);
    expect(err).toContain(complaint);
    expect(calls).toEqual([]);
  });

  it('wants the directory of a run', async () => {
    const { code, err } = await lvsLab(['run', '--resume', folder()]);
    expect(code).toBe(5);
    expect(err).toContain('found no asked.json');
  });
});

describe('judge, of a run that was killed', () => {
  it('has every job that was asked for', async () => {
    const { cwd, out } = await interrupted();
    rmSync(join(out, 'results.json'));
    rmSync(join(out, 't-b', 'plan.json'));
    const { code, out: printed } = await lvsLab(['judge', 'out', '--json'], fakeServices(), { cwd });
    const { scenarios } = JSON.parse(printed) as ReturnType<typeof documentIn>;
    expect(scenarios.map(({ job, result: came, notRun }) => [job, came, notRun])).toEqual([
      ['t/a', 'broke', undefined],
      ['t/b', 'broke', undefined],
      ['t/c', 'not-run', 'ended-early'],
    ]);
    expect(scenarios[1]?.error?.message).toContain('there is no evidence');
    expect(code).toBe(2);
  });

  it('says why a job did not run, where the run did', async () => {
    const { cwd } = await interrupted();
    const { out: printed } = await lvsLab(['judge', 'out', '--json'], fakeServices(), { cwd });
    expect((JSON.parse(printed) as ReturnType<typeof documentIn>).scenarios[2]).toMatchObject({
      job: 't/c',
      notRun: 'interrupted',
    });
  });
});
