import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../../src/report/document/documentSchema.js';
import type { Services } from '../../../../src/cli/frame/services.js';
import { failed, inconclusive } from '../../report/samples.js';
import { engine } from '../../report/document/samples.js';
import { fakeServices, folder, judging, lvsLab, result } from '../harness.js';

const failing = judging(() => failed);
const run = ['run', 'close/server-first'];

/** The only run below a working directory. */
const read = (directory: string, name: string) => readFileSync(join(directory, name), 'utf8');

describe('results.json in the directory of a run', () => {
  it('is the document that --json prints, with evidence named from there', async () => {
    const cwd = folder();
    const { out } = await lvsLab([...run, '--json', '--out', 'here'], fakeServices(), { cwd });
    const document = JSON.parse(read(join(cwd, 'here'), 'results.json')) as ResultDocument;
    expect(JSON.parse(out)).toEqual(document);
    expect(document).toMatchObject({
      directory: join(cwd, 'here'),
      scenarios: [{ directory: 'close/server-first' }],
    });
  });

  it('has what the run wrote down of what it ran on', async () => {
    const services: Services = fakeServices({
      runScenarios: ({ out }) => {
        writeFileSync(join(out, 'provenance.json'), JSON.stringify(engine.provenance));
        return Promise.resolve([result()]);
      },
    });
    const cwd = folder();
    const { out } = await lvsLab([...run, '--out', 'here', '--verbose'], services, { cwd });
    expect(JSON.parse(read(join(cwd, 'here'), 'results.json'))).toMatchObject({
      engines: [{ provenance: { kernel: { buildId: 'abcd' } } }],
    });
    expect(out).toMatch(/^ {2}kernel #1 SMP Debian .*, build id abcd/m);
  });

  it('is there also when the lab broke', async () => {
    const cwd = folder();
    const services = fakeServices({ openEngine: () => Promise.reject(new Error('no QEMU')) });
    const { code } = await lvsLab([...run, '--out', 'here'], services, { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(read(join(cwd, 'here'), 'results.json'))).toMatchObject({
      engines: [],
      error: { message: 'no QEMU' },
    });
  });
});

describe('reports', () => {
  it('are written where they were asked for, in folders that are made for them, and nowhere else', async () => {
    const cwd = folder();
    const { code } = await lvsLab([...run, '--junit', 'a/b/junit.xml', '--ktap', 'ktap.txt'], failing, {
      cwd,
    });
    expect(code).toBe(1);
    expect(read(cwd, 'a/b/junit.xml')).toMatch(/^<\?xml [^]*<failure /);
    expect(read(cwd, 'ktap.txt')).toMatch(/^KTAP version 1\n[^]*not ok 1 close\n$/);
    const other = folder();
    await lvsLab(run, failing, { cwd: other });
    expect(existsSync(join(other, 'ktap.txt'))).toBe(false);
  });

  it('that cannot be written are the lab’s failure, after the results were printed', async () => {
    const cwd = folder();
    const services = fakeServices({
      runScenarios: () => {
        mkdirSync(join(cwd, 'junit.xml'));
        return Promise.resolve([result()]);
      },
    });
    const { code, out, err } = await lvsLab([...run, '--junit', 'junit.xml'], services, { cwd });
    expect(code).toBe(2);
    expect(out).toMatch(/1 passed, 0 failed/);
    expect(err).toMatch(/could not write the report to .*junit\.xml: /);
  });

  it('are refused where they would never be written, before anything starts', async () => {
    const cwd = folder();
    execFileSync('mkfifo', [join(cwd, 'fifo')]);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'fifo') };
    const asked: [string, string[], NodeJS.ProcessEnv][] = [
      ['--junit', ['--junit', 'fifo'], {}],
      ['--ktap', ['--ktap', '.'], {}],
      ['GITHUB_STEP_SUMMARY', [], env],
    ];
    for (const [option, argv, environment] of asked) {
      for (const start of [run, ['run', '--resume', 'nowhere'], ['merge', 'nowhere']]) {
        const calls: string[] = [];
        const services = fakeServices({}, calls);
        const { code, err } = await lvsLab([...start, ...argv], services, { cwd, env: environment });
        expect([code, calls, readdirSync(cwd)]).toEqual([5, [], ['fifo']]);
        expect(err).toContain(`expected ${option} to name a file to write, found `);
      }
    }
  });

  it('may go to /dev/null and, outside of Actions, a summary anywhere means nothing', async () => {
    const cwd = folder();
    execFileSync('mkfifo', [join(cwd, 'fifo')]);
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'fifo') };
    const { code } = await lvsLab([...run, '--junit', '/dev/null'], fakeServices(), { cwd, env });
    expect(code).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('in GitHub Actions', () => {
  const asked = async (env: NodeJS.ProcessEnv, services = failing, ...argv: string[]) => {
    const cwd = folder();
    const summary = join(cwd, 'summary.md');
    writeFileSync(summary, 'what another step wrote\n');
    const ran = await lvsLab([...run, ...argv], services, {
      cwd,
      env: { GITHUB_STEP_SUMMARY: summary, ...env },
    });
    return { ...ran, summary: read(cwd, 'summary.md') };
  };

  it('annotations and a job summary come by themselves, and stdout stays JSON', async () => {
    const { out, err, summary } = await asked({ GITHUB_ACTIONS: 'true' }, failing, '--json');
    expect(err).toMatch(
      /^::error title=FAIL%3A close\/server-first::bug seen, expected healthy: expected healthy, saw /m,
    );
    expect(summary).toMatch(/^what another step wrote\n### lvs-lab: 0 passed, 1 failed, /);
    expect(JSON.parse(out)).toMatchObject({ exitCode: 1 });
  });

  it('an inconclusive verdict is an error too', async () => {
    const { err } = await asked(
      { GITHUB_ACTIONS: 'true' },
      judging(() => inconclusive),
    );
    expect(err).toMatch(/^::error title=INCONCLUSIVE/m);
  });

  it('there are none anywhere else, nor an annotation where all passed', async () => {
    const elsewhere = await asked({});
    expect(elsewhere.err).not.toMatch(/::error/);
    expect(elsewhere.summary).toBe('what another step wrote\n');
    expect((await asked({ GITHUB_ACTIONS: 'true' }, fakeServices())).err).not.toMatch(/::error/);
  });

  it('a summary that cannot be written changes no result', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nonexistent/summary.md' };
    const { code, err } = await asked(env, fakeServices());
    expect(code).toBe(0);
    expect(err).toMatch(/could not add to the job summary/);
  });
});
