import type { ScenarioResult } from '../../../../../src/run/model/scenarioResult.js';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../../src/report/document/resultDocument.js';
import type { ResultDocument } from '../../../../../src/report/document/documentSchema.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { engine } from '../../../report/document/samples.js';
import { folder, lvsLab, result } from '../../harness.js';

const nodes = [{ name: 'client', role: 'client', addresses: ['198.18.0.2'], macs: ['02:00:00:00:00:02'] }];
const plan = {
  scenario: 'close/server-first',
  vip: '198.18.0.10',
  ports: [80],
  servers: ['198.18.0.10'],
  serving: ['realserver1'],
  forwarding: 'dr',
  family: 'ipv4',
  nodes: [{ name: 'client' }],
  expect: { outcome: 'close-blocked', signal: { kind: 'silence' } },
};

/** A scenario's folder of a run that was cut short before its first phase. */
function cutShort(directory: string, parts: Record<string, unknown> = {}): string {
  mkdirSync(directory, { recursive: true });
  const files = { 'plan.json': plan, 'nodes.json': nodes, ...parts };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(directory, name), JSON.stringify(content));
  return directory;
}

/** The record of a run that was asked for these jobs. */
const askedFor = (names: readonly string[]) => ({
  ...{
    schema: 1,
    tool: '1',
    runId: 'r1',
    startedAt: '2026-11-29T00:00:00Z',
    process: 'host/1/1',
    isMatrix: false,
  },
  shares: [{ target: { name: 'local' }, jobs: names }],
  jobs: names.map((name) => ({ job: name, id: name, repeat: 1, file: `${name}.yaml`, hash: 'ff' })),
  options: {
    ...{ engine: 'local', accel: 'auto', repeatEach: 1 },
    ...{ mutate: false, freshControl: false, stopOnFailure: false },
  },
});

const documentOf = async (...argv: string[]) =>
  JSON.parse((await lvsLab(['judge', '--json', ...argv])).out) as ResultDocument;

describe('lvs-lab judge', () => {
  it('judges every scenario of a run by what it expected, and ends as a run does', async () => {
    const run = folder();
    cutShort(join(run, 'close-server-first'));
    cutShort(join(run, 'other'));
    const { code, out } = await lvsLab(['judge', run]);
    expect(code).toBe(3);
    expect(out).toMatch(/^INCONCLUSIVE {2}close\/server-first: expected close-blocked with silence/m);
    expect(out).toContain('0 passed, 0 failed, 2 inconclusive, 0 broke');
  });

  it('tells the times of a scenario apart, in their order', async () => {
    const run = folder();
    for (const name of ['close-server-first.10', 'close-server-first.2', 'close-server-first', 'close-a'])
      cutShort(join(run, name));
    const { scenarios } = await documentOf(run);
    expect(scenarios.map(({ job, id, repeat }) => [job, id, repeat])).toEqual([
      ['close/server-first', 'close/server-first', 1],
      ['close/server-first', 'close/server-first', 1],
      ['close/server-first#2', 'close/server-first', 2],
      ['close/server-first#10', 'close/server-first', 10],
    ]);
    const { out } = await lvsLab(['judge', run]);
    expect(out).toContain('the same outcome each time: 1 scenario\n');
    expect(out).toMatch(/^ {2}close\/server-first +0 +0 +4 +0$/m);
  });

  it('says where it ran, by what the run recorded, also for one scenario of it', async () => {
    const run = folder();
    const directory = cutShort(join(run, 'close-server-first@legacy'));
    const cell = { kernel: 'debian:sid', image: undefined, iptables: 'legacy' as const };
    const job = 'close/server-first@legacy';
    const results = [result({ directory, job, cell, hash: 'ff' })];
    const document = resultDocument({
      version: '1',
      directory: run,
      engines: [engine],
      results,
      exitCode: 0,
    });
    expect((await documentOf(run)).scenarios[0]).toMatchObject({ job, cell: {} });
    writeFileSync(join(run, 'results.json'), JSON.stringify(document));
    for (const place of [run, directory]) {
      const judged = await documentOf(place);
      expect(judged.engines).toHaveLength(1);
      expect(judged.scenarios).toMatchObject([
        { job, hash: 'ff', cell: { kernel: 'debian:sid', iptables: 'legacy' }, result: 'inconclusive' },
      ]);
    }
    const { out } = await lvsLab(['judge', run, '--verbose']);
    expect(out).toMatch(/^ {2}kernel #1 SMP Debian .*, build id abcd/m);
    expect((await lvsLab(['judge', run])).out).not.toMatch(/build id/);
  });

  it('says when the results of the run are not what was recorded, and judges without them', async () => {
    const run = folder();
    const directory = cutShort(join(run, 'close-server-first'));
    const results = [result({ directory, hash: 'ff' })];
    const document = resultDocument({ version: '1', directory: run, results, exitCode: 0 });
    const judged = async (value: object) => {
      writeFileSync(join(run, 'results.json'), JSON.stringify(value));
      return lvsLab(['judge', run, '--json']);
    };
    const edited = await judged({ ...document, exitCode: 1 });
    expect(edited.err).toMatch(/^note: left out: .*results\.json: expected the results that were recorded/);
    expect(edited.out).not.toContain('"hash"');
    const whole = await judged(document);
    expect(whole.err).toBe('');
    expect(whole.out).toContain('"hash": "ff"');
  });

  it('keeps the bounds on connect() that the run expected', async () => {
    const directory = cutShort(folder(), {
      'plan.json': { ...plan, expect: { outcome: 'healthy', connect: { atLeast: 0.9 } } },
    });
    expect((await documentOf(directory)).scenarios[0]?.verdict?.expected.connect).toEqual({ atLeast: 0.9 });
  });

  it('keeps what the run expected of raw-socket flows', async () => {
    const flows = { shares: { stuck: { atLeast: 99 } }, sockets: {}, ipvs: {} };
    const directory = cutShort(folder(), {
      'plan.json': { ...plan, expect: { outcome: 'healthy', flows } },
    });
    expect((await documentOf(directory)).scenarios[0]?.verdict?.expected.flows).toEqual(flows);
  });

  it("takes one scenario's folder too, from where it is called", async () => {
    const cwd = folder();
    cutShort(join(cwd, 'one'));
    const { code, out } = await lvsLab(['judge', 'one'], undefined, { cwd });
    expect(code).toBe(3);
    expect(out).toContain(`evidence: ${join(cwd, 'one')}`);
  });

  it('expects what the plan of the run says, whatever its verdict has, then what --expect says', async () => {
    const verdict = { expected: { outcome: 'transfer-blocked' } };
    const directory = cutShort(folder(), { 'verdict.json': verdict });
    expect((await documentOf(directory)).scenarios[0]?.verdict?.expected.outcome).toBe('close-blocked');
    const overridden = await documentOf(directory, '--expect', 'healthy');
    expect(overridden.scenarios[0]?.verdict?.expected).toEqual({ outcome: 'healthy' });
  });

  it('changes nothing in the evidence', async () => {
    const directory = cutShort(folder(), { 'verdict.json': { expected: { outcome: 'healthy' } } });
    const before = readFileSync(join(directory, 'verdict.json'), 'utf8');
    await lvsLab(['judge', directory, '--expect', 'unreachable']);
    expect(readFileSync(join(directory, 'verdict.json'), 'utf8')).toBe(before);
  });

  it('says which evidence cannot be read, and judges the rest', async () => {
    const run = folder();
    cutShort(join(run, 'bad'), { 'plan.json': 'nonsense' });
    cutShort(join(run, 'good'));
    const { code, out } = await lvsLab(['judge', run]);
    expect(code).toBe(2);
    expect(out).toContain(join(run, 'bad', 'plan.json'));
    expect(out).toContain('no verdict, for the evidence is missing or unreadable');
    expect(out).not.toContain('the lab broke');
    expect(out).not.toContain('--expect');
    expect(out).toContain('1 inconclusive, 1 broke');
  });

  it('is inconclusive, and names the file, where the nodes cannot be read', async () => {
    const directory = cutShort(folder(), { 'nodes.json': 'nonsense' });
    const { code, out } = await lvsLab(['judge', directory]);
    expect(code).toBe(3);
    expect(out).toMatch(/nodes\.json: /);
  });

  describe('of a job whose plan.json is gone', () => {
    const recorded = join(packageRoot, 'test/fixtures/runs');
    const names = ['close-server-first', 'healthy'];
    const recordedRun = (): string => {
      const run = folder();
      for (const name of names) cpSync(join(recorded, name), join(run, name), { recursive: true });
      return run;
    };

    it('does not leave the job out, and names the file', async () => {
      const run = recordedRun();
      expect(await lvsLab(['judge', run])).toMatchObject({ code: 0 });
      rmSync(join(run, 'healthy/plan.json'));
      const { code, out } = await lvsLab(['judge', run]);
      expect(code).toBe(2);
      expect(out).toContain('1 passed, 0 failed, 0 inconclusive, 1 broke');
      expect(out).toMatch(
        /evidence missing: expected plan\.json in \S+healthy, found only nodes\.json, manifest\.json, /,
      );
      const ofJob = await lvsLab(['judge', join(run, 'healthy')]);
      expect(ofJob.code).toBe(2);
      expect(ofJob.out).toContain('evidence missing: expected plan.json');
    });

    it('knows the job by any of its files', async () => {
      for (const left of ['nodes.json', 'manifest.json', 'measured/phase.json', 'scenario.yaml']) {
        const run = recordedRun();
        const job = join(run, 'healthy');
        rmSync(job, { recursive: true });
        mkdirSync(join(job, 'measured'), { recursive: true });
        expect((await lvsLab(['judge', run])).code).toBe(0);
        cpSync(join(recorded, 'healthy', left), join(job, left));
        const { code, out } = await lvsLab(['judge', run]);
        expect(code).toBe(2);
        expect(out).toContain(left === 'scenario.yaml' ? 'there is no evidence' : `found only ${left}`);
      }
    });

    it('does not say of a run with a record of its jobs that the lab was never made, but where it was not', async () => {
      const run = recordedRun();
      writeFileSync(join(run, 'asked.json'), JSON.stringify(askedFor(names)));
      expect((await lvsLab(['judge', run])).code).toBe(0);
      rmSync(join(run, 'healthy/plan.json'));
      const { code, out } = await lvsLab(['judge', run]);
      expect(code).toBe(2);
      expect(out).toContain('evidence missing: expected plan.json');
      expect(out).not.toContain('while the lab of this job was being made');
      rmSync(join(run, 'healthy'), { recursive: true });
      mkdirSync(join(run, 'healthy'));
      cpSync(join(recorded, 'healthy/scenario.yaml'), join(run, 'healthy/scenario.yaml'));
      expect((await lvsLab(['judge', run])).out).toContain('while the lab of this job was being made');
    });

    it('takes no folder with nothing but scenarios for a run', async () => {
      const own = folder();
      mkdirSync(join(own, 'mine'));
      writeFileSync(join(own, 'mine/scenario.yaml'), 'id: my/own\n');
      expect((await lvsLab(['judge', own])).code).toBe(5);
    });
  });

  describe('of a job whose folder is gone', () => {
    /** A run of three jobs: one judged and there, one judged and gone, one that was never started. */
    function lost(parts: { readonly asked: boolean }) {
      const run = folder();
      const there = cutShort(join(run, 'close-server-first'));
      const names = ['close/server-first', 'close/gone', 'close/never'];
      const about = (name: string) => ({
        job: name,
        scenario: name,
        directory: name === names[0] ? there : join(run, name.replace('/', '-')),
      });
      const results: ScenarioResult[] = [
        result(about(names[0]!)),
        result(about(names[1]!)),
        { ...about(names[2]!), repeat: 1, seconds: 0, notRun: 'deadline' },
      ];
      const document = resultDocument({ version: '1', directory: run, results, exitCode: 0 });
      writeFileSync(join(run, 'results.json'), JSON.stringify(document));
      if (parts.asked) writeFileSync(join(run, 'asked.json'), JSON.stringify(askedFor(names)));
      return run;
    }

    it.each([true, false])('says so, with a record of what was asked for: %s', async (asked) => {
      const run = lost({ asked });
      const { code, out } = await lvsLab(['judge', run]);
      expect(code).toBe(2);
      expect(out).toContain(`evidence missing: expected the folder ${join(run, 'close-gone')}`);
      expect(out).toContain('1 inconclusive, 1 broke, 1 not run');
      const { scenarios } = await documentOf(run);
      expect(scenarios.map(({ job, result: came }) => [job, came])).toEqual([
        ['close/server-first', 'inconclusive'],
        ['close/gone', 'broke'],
        ['close/never', 'not-run'],
      ]);
    });

    it('says nothing of the others where one folder is asked about', async () => {
      const run = lost({ asked: false });
      const { scenarios } = await documentOf(join(run, 'close-server-first'));
      expect(scenarios.map(({ job }) => job)).toEqual(['close/server-first']);
    });
  });

  it('refuses a record of jobs in which one is named and not described, or described and not named', async () => {
    const run = folder();
    cutShort(join(run, 'close-server-first'));
    const asked = askedFor(['close/server-first', 'close/other']);
    const judged = async (record: object) => {
      writeFileSync(join(run, 'asked.json'), JSON.stringify(record));
      return lvsLab(['judge', run]);
    };
    expect((await judged(asked)).code).toBe(3);
    const [share] = asked.shares;
    for (const record of [
      { ...asked, jobs: asked.jobs.slice(1) },
      { ...asked, shares: [{ ...share, jobs: ['close/server-first'] }] },
    ]) {
      const { code, err } = await judged(record);
      expect(code).toBe(5);
      expect(err).toContain('the jobs of the targets are not those that are described');
    }
  });

  it('refuses an expectation that is none', async () => {
    const directory = cutShort(folder(), { 'plan.json': { ...plan, expect: { outcome: 'splendid' } } });
    const { code, out } = await lvsLab(['judge', directory]);
    expect(code).toBe(2);
    expect(out).toMatch(/plan\.json to say what the run expected, found at expect\.outcome: .*"healthy"/);
  });

  const sayIt = 'say it with --expect OUTCOME';
  const restore = 'get plan.json from where the run was made';
  it.each([
    [{ ...plan, expect: undefined }, 'expect', sayIt],
    [
      { ...plan, expect: { outcome: 'healthy', connections: { atLeast: 'two' } } },
      'expect.connections.atLeast',
      sayIt,
    ],
    [
      { expect: { outcome: 'healthy', connections: { atLeast: 'two' } } },
      'expect.connections.atLeast',
      restore,
    ],
    [[], 'the top level', restore],
    [3, 'the top level', restore],
  ])('names what is wrong in a plan without an expectation: %j', async (spoilt, where, hint) => {
    const directory = cutShort(folder(), { 'plan.json': spoilt });
    const { code, out } = await lvsLab(['judge', directory]);
    expect(code).toBe(2);
    expect(out).toContain(`plan.json to say what the run expected, found at ${where}: `);
    expect(out).toContain(hint);
    expect((await lvsLab(['judge', directory, '--expect', 'healthy'])).code).toBe(hint === sayIt ? 3 : 2);
  });

  it('tells a folder without evidence, or none at all', async () => {
    const empty = await lvsLab(['judge', folder()]);
    expect(empty.code).toBe(5);
    expect(empty.err).toContain("found no scenario's evidence");
    expect((await lvsLab(['judge', '/no/such/folder'])).code).toBe(5);
  });

  it('tells a file, and does not wait for what never ends', async () => {
    const run = folder();
    const file = join(run, 'results.json');
    writeFileSync(file, '{}');
    const named = await lvsLab(['judge', file]);
    expect(named).toMatchObject({ code: 5, out: '' });
    expect(named.err).toMatch(
      /^error: expected a run's directory, found a file: .*\n {2}hint: name the folder/,
    );
    mkdirSync(join(run, 'job'));
    execFileSync('mkfifo', [join(run, 'job/plan.json'), join(run, 'asked.json')]);
    const ofRun = await lvsLab(['judge', run]);
    expect(ofRun.code).toBe(5);
    expect(ofRun.err).toMatch(/asked\.json to be a record of `lvs-lab run`, .* found a FIFO/);
    const ofJob = await lvsLab(['judge', join(run, 'job')]);
    expect(ofJob.code).toBe(2);
    expect(ofJob.out).toMatch(/plan\.json to say what the run expected, .* found a FIFO/);
  });
});
