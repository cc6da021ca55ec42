import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failed, inconclusive, passed } from '../../../../report/samples.js';
import { fakeServices, folder, judging, lvsLab, scenarioFiles, type Calls } from '../../../harness.js';

const files = scenarioFiles(folder(), [
  { id: 't/a', tags: 'x' },
  { id: 't/b' },
  { id: 't/c' },
  { id: 't/d' },
]);
const [a = '', b = '', c = '', d = ''] = files;

/** t/a passes, t/b fails, t/c is undecided, t/d breaks. */
const mixed = judging(({ scenario: { id } }) => ({ 't/a': passed, 't/b': failed, 't/c': inconclusive })[id]);
const healthy = judging(() => passed);

const recordIn = (cwd: string) =>
  JSON.parse(readFileSync(join(cwd, 'runs/.last-run.json'), 'utf8')) as unknown;

/** Ids that `run --last-failed` takes up after a run of all four. */
async function again(...argv: string[]) {
  const { cwd } = await lvsLab(['run', ...files], mixed);
  const calls: Calls = [];
  const ended = await lvsLab(['run', '--last-failed', ...argv], fakeServices({}, calls), { cwd });
  return { ...ended, ran: calls.find((call) => call.startsWith('run ')) };
}

describe('the record of the last run', () => {
  it('that would never be written keeps no run from its end, and the results are those', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'runs'));
    execFileSync('mkfifo', [join(cwd, 'runs/.last-run.json')]);
    const { code, err } = await lvsLab(['run', a], mixed, { cwd });
    expect(code).toBe(0);
    expect(err).toMatch(/could not record what did not pass, for --last-failed, in .*last-run\.json/);
  });

  it('names what did not pass and where it is, wherever the evidence went', async () => {
    const { cwd } = await lvsLab(['run', ...files, '--out', 'elsewhere'], mixed);
    expect(recordIn(cwd)).toEqual({
      schema: 1,
      directory: join(cwd, 'elsewhere'),
      notPassed: [
        { id: 't/b', file: b },
        { id: 't/c', file: c },
        { id: 't/d', file: d },
      ],
    });
  });

  it('names a scenario once that did not pass one time of several', async () => {
    const flaky = judging(({ name }) => (name === 't/a' ? passed : failed));
    const { cwd } = await lvsLab(['run', a, '--repeat-each', '3'], flaky);
    expect(recordIn(cwd)).toMatchObject({ notPassed: [{ id: 't/a', file: a }] });
  });

  it('is that of the newest run', async () => {
    const { cwd } = await lvsLab(['run', ...files], mixed);
    await lvsLab(['run', b], healthy, { cwd });
    expect(recordIn(cwd)).toMatchObject({ notPassed: [] });
  });

  it('stays when nothing came to a result', async () => {
    const { cwd } = await lvsLab(['run', ...files], mixed);
    const before = recordIn(cwd);
    await lvsLab(['run', a], fakeServices({ openEngine: () => Promise.reject(new Error('no engine')) }), {
      cwd,
    });
    expect(recordIn(cwd)).toEqual(before);
  });

  it('that cannot be written does not cost the results', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'runs'), 'in the way');
    const { code, out, err } = await lvsLab(['run', a, '--out', 'elsewhere'], healthy, { cwd });
    expect(code).toBe(0);
    expect(out).toContain('1 passed, 0 failed');
    expect(err).toContain('could not record what did not pass, for --last-failed, in ');
  });
});

describe('run --last-failed', () => {
  it('runs what did not pass', async () => {
    expect(await again()).toMatchObject({ code: 0, ran: 'run t/b t/c t/d' });
  });

  it('runs of that what is named or selected too', async () => {
    expect((await again(a, c)).ran).toBe('run t/c');
    expect((await again('--grep', 't/d')).ran).toBe('run t/d');
  });

  it('refuses what is named and passed, and what is not selected', async () => {
    const named = await again(a);
    expect(named).toMatchObject({ code: 5, ran: undefined });
    expect(named.err).toContain('expected some of t/a not to have passed in the last run, ');
    expect(named.err).toContain('hint: did not pass there: t/b, t/c, t/d\n');
    expect(await again('--tag', 'x')).toMatchObject({ code: 5, ran: undefined });
  });

  it('has nothing to do, and ends well, when everything passed', async () => {
    const { cwd } = await lvsLab(['run', ...files], healthy);
    const calls: Calls = [];
    const { code, out } = await lvsLab(['run', '--last-failed'], fakeServices({}, calls), { cwd });
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(out).toMatch(/^nothing to run: everything passed in the last run, \S+\n$/);
    const listed = await lvsLab(['run', '--last-failed', '--list'], fakeServices(), { cwd });
    expect(listed).toMatchObject({ code: 0, out });
    const json = await lvsLab(['run', '--last-failed', '--json'], fakeServices(), { cwd });
    expect(JSON.parse(json.out)).toMatchObject({ scenarios: [], exitCode: 0 });
  });

  it('wants a run to go by', async () => {
    const { code, err } = await lvsLab(['run', '--last-failed']);
    expect(code).toBe(5);
    expect(err).toContain('expected a run to go by for --last-failed, found none recorded in ');
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['another schema', '{ "schema": 2 }'],
    ['no list', '{ "schema": 1, "directory": "/d" }'],
    ['an entry without a file', '{ "schema": 1, "directory": "/d", "notPassed": [{ "id": "a" }] }'],
  ])('refuses a record with %s', async (_, text) => {
    const cwd = folder();
    mkdirSync(join(cwd, 'runs'));
    writeFileSync(join(cwd, 'runs/.last-run.json'), text);
    const { code, err } = await lvsLab(['run', '--last-failed'], fakeServices(), { cwd });
    expect(code).toBe(5);
    expect(err).toContain('.last-run.json to be what a run recorded, found something else');
  });
});
