import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { failed } from '../../report/samples.js';
import { fakeServices, folder, judging, lvsLab, result, scenarioFiles, type Calls } from '../harness.js';

const files = scenarioFiles(folder(), [
  { id: 'one/apple', tags: 'fruit, red' },
  { id: 'one/beet', tags: 'root, red' },
  { id: 'two/carrot', tags: 'root', mutation: null },
]);

/** Names of the jobs that `run` would be asked for. */
async function jobs(...argv: string[]): Promise<string[]> {
  const { code, out } = await lvsLab(['run', ...files, '--list', '--json', ...argv]);
  expect(code).toBe(0);
  return (JSON.parse(out) as { jobs: { job: string }[] }).jobs.map(({ job }) => job);
}

const refused = async (...argv: string[]) => {
  const { code, out, err } = await lvsLab(['run', ...files, ...argv]);
  expect({ code, out }).toEqual({ code: 5, out: '' });
  return err;
};

describe('the selection of scenarios', () => {
  it('is everything that was named when no option says otherwise', async () => {
    expect(await jobs()).toEqual(['one/apple', 'one/beet', 'two/carrot']);
  });

  it('is by any of the tags', async () => {
    expect(await jobs('--tag', 'red')).toEqual(['one/apple', 'one/beet']);
    expect(await jobs('--tag', 'fruit', '--tag', 'root')).toEqual(['one/apple', 'one/beet', 'two/carrot']);
  });

  it('is by a regular expression, whatever the case', async () => {
    expect(await jobs('--grep', 'AP(P|Q)LE')).toEqual(['one/apple']);
    expect(await jobs('--grep', '^two/')).toEqual(['two/carrot']);
  });

  it('is by both where both are given', async () => {
    expect(await jobs('--tag', 'red', '--grep', 'beet')).toEqual(['one/beet']);
  });

  it('is of topics by globs', async () => {
    const { code, out } = await lvsLab(['run', '--list', '--json', 'close/server-*']);
    const ids = (JSON.parse(out) as { jobs: { id: string }[] }).jobs.map(({ id }) => id);
    expect(code).toBe(0);
    expect(ids).toContain('close/server-first');
    expect(ids.every((id) => id.startsWith('close/server-'))).toBe(true);
  });

  it('must not be empty, and says what was looked for', async () => {
    expect(await refused('--tag', 'fuit', '--grep', 'x')).toBe(
      'error: expected a scenario tagged fuit and matching /x/i, found none among 3; did you mean `fruit`?\n' +
        '  hint: see what there is, with its tags, in `lvs-lab list`\n',
    );
    expect(await refused('--grep', 'nothing like it')).toContain('matching /nothing like it/i, found none');
  });

  it('is the same for list', async () => {
    const { out } = await lvsLab(['list', ...files, '--tag', 'root', '--json']);
    expect((JSON.parse(out) as { id: string }[]).map(({ id }) => id)).toEqual(['one/beet', 'two/carrot']);
    const none = await lvsLab(['list', ...files, '--tag', 'blue']);
    expect({ code: none.code, out: none.out }).toEqual({ code: 5, out: '' });
  });
});

describe('run --list', () => {
  it('prints what would run, and starts nothing', async () => {
    const calls: Calls = [];
    const { code, out, err, cwd } = await lvsLab(['run', ...files, '--list'], fakeServices({}, calls));
    expect({ code, err, calls }).toEqual({ code: 0, err: '', calls: [] });
    expect(out).toMatch(/one\/apple +About one\/apple +healthy\n.*one\/beet.*\n.*two\/carrot.*\n\n3 jobs\n$/);
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });
});

describe('raw-socket load', () => {
  const flows = 'flows: { count: 1000, rate: 100, conversation: server-first }';
  const [beside = '', kernelPorts = ''] = scenarioFiles(folder(), [
    { id: 'load/story', tags: 'load', more: [flows] },
    { id: 'close/ports', mutation: null },
  ]);
  writeFileSync(
    kernelPorts,
    readFileSync(kernelPorts, 'utf8').replace('load: { close', 'load: { ports: kernel, close'),
  );

  /** Flows that each scenario would be given. */
  async function given(...argv: string[]) {
    const { code, out, err } = await lvsLab(['run', '--list', '--json', ...argv]);
    if (code !== 0) throw new Error(err);
    const { jobs: listed } = JSON.parse(out) as { jobs: { job: string; flows?: number }[] };
    return Object.fromEntries(listed.map(({ job, flows: count }) => [job, count]));
  }

  it('is what the file says, and else there is none', async () => {
    expect(await given(beside, files[0]!)).toEqual({ 'load/story': 1000, 'one/apple': undefined });
  });

  it('is given to every scenario selected by --flows, their mutations included', async () => {
    expect(await given(...files, '--flows', '200')).toEqual({
      'one/apple': 200,
      'one/beet': 200,
      'two/carrot': 200,
    });
    expect(await given(files[0]!, '--mutate', '--flows', '30')).toEqual({ 'one/apple': 30 });
  });

  it('cannot be given to a scenario whose load raw sockets cannot make, and says which and why', async () => {
    const { code, err } = await lvsLab(['run', files[0]!, kernelPorts, '--flows', '200']);
    expect(code).toBe(5);
    expect(err).toContain('found close/ports: the kernel picks its local ports');
    expect(err).toContain('hint: leave them out, or run them without --flows');
    expect(err).not.toContain('one/apple');
  });

  it('is not given to such a scenario that a glob takes in: it is left out, and said to be', async () => {
    const { code, out, err } = await lvsLab(['run', 'close/*', '--flows', '5', '--list']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      '\n2 scenarios left out, to which --flows cannot be given, for they are about the local ports that the kernel picks or has left: close/ports-run-out close/same-port-taken\n',
    );
    expect(out).not.toMatch(/^ +close\/(?:ports-run-out|same-port-taken)/m);
    expect((await lvsLab(['run', 'close/*', '--list'])).out).toMatch(/^ +close\/ports-run-out/m);
    const alone = await lvsLab(['run', 'close/ports-*', '--flows', '5', '--list']);
    expect({ code: alone.code, out: alone.out }).toEqual({ code: 5, out: '' });
    expect((await lvsLab(['run', 'close/*', 'close/ports-run-out', '--flows', '5', '--list'])).code).toBe(5);
  });

  it.each(['0', '5001', 'many'])('is not of %s flows', async (count) => {
    const { code, err } = await lvsLab(['run', ...files, '--flows', count]);
    expect(code).toBe(5);
    expect(err).toContain('expected a whole number from 1 to 5000');
  });

  it('is left out when nobody said which scenarios, in one line on stderr, and how much is left', async () => {
    const calls: Calls = [];
    const { err } = await lvsLab(['run'], fakeServices({}, calls));
    expect(calls[1]).not.toContain('load/');
    expect(err).toMatch(
      /^\[ +0\.\ds\] \d+ scenarios with raw-socket load left out, which run for minutes; name them to run them: .*load\/story-at-scale .*\n\[.*\] \d+ scenarios; how long that takes is not known, .*\n$/,
    );
    expect((await lvsLab(['run', '--progress', 'quiet'])).err).toBe('');
    const { out } = await lvsLab(['run', '--list']);
    expect(out).toMatch(/\n\d+ scenarios with raw-socket load left out/);
    const { out: json } = await lvsLab([
      'run',
      '--list',
      '--json',
      '--flows',
      '10',
      '--grep',
      '^close/server-first$',
    ]);
    expect(JSON.parse(json)).toMatchObject({ leftOut: [], jobs: [{ id: 'close/server-first', flows: 10 }] });
  });

  it.each([
    ['a glob', ['load/*']],
    ['an expression', ['--grep', '^load/']],
  ])('is not left out when %s names it', async (_, argv) => {
    const calls: Calls = [];
    const { err } = await lvsLab(['run', ...argv], fakeServices({}, calls));
    expect(calls[1]).toContain('load/story-at-scale');
    expect(err).not.toContain('left out');
  });
});

describe('--repeat-each', () => {
  it('makes a job for each time', async () => {
    expect(await jobs('--grep', 'apple', '--repeat-each', '3')).toEqual([
      'one/apple',
      'one/apple#2',
      'one/apple#3',
    ]);
  });
});

describe('--shuffle', () => {
  it('gives the same order for the same seed, and names the seed', async () => {
    const ten = ['--repeat-each', '10', '--shuffle=x1'];
    const order = await jobs(...ten);
    expect(order).toEqual(await jobs(...ten));
    expect(order).not.toEqual(await jobs('--repeat-each', '10'));
    expect([...order].sort()).toEqual((await jobs('--repeat-each', '10')).sort());
    const { out } = await lvsLab(['run', ...files, '--list', '--shuffle=x1']);
    expect(out).toContain('order shuffled with the seed x1; --shuffle=x1 gives it again\n');
  });

  it('has a seed of its own when none is named, which gives the same order again', async () => {
    const argv = ['run', ...files, '--repeat-each', '10', '--list', '--json', '--shuffle'];
    const { out } = await lvsLab(argv);
    const { seed, jobs: list } = JSON.parse(out) as { seed: string; jobs: { job: string }[] };
    expect(seed).toMatch(/^[0-9a-z]{8}$/);
    expect(await jobs('--repeat-each', '10', `--shuffle=${seed}`)).toEqual(list.map(({ job }) => job));
  });

  it('says in the results of a run what gives the order again', async () => {
    const argv = ['run', ...files, '--shuffle'];
    const { out } = await lvsLab([...argv]);
    const [, seed] = /order shuffled with the seed (\w{8});/.exec(out) ?? [];
    expect(out).toContain(`--shuffle=${seed ?? ''} gives it again\n`);
    const { out: json } = await lvsLab([...argv, '--json']);
    expect(JSON.parse(json)).toHaveProperty('seed');
  });
});

describe('--mutate', () => {
  const [apple = '', , carrot = ''] = files;

  it('runs the mutation under the id and with the expectation of the scenario', async () => {
    let ran: Scenario | undefined;
    const services = fakeServices({
      runScenarios: ({ jobs: [job] }) => {
        ran = job?.scenario;
        return Promise.resolve([result({ verdict: failed }, job)]);
      },
    });
    const { code, out } = await lvsLab(['run', '--mutate', apple], services);
    expect(ran).toMatchObject({
      id: 'one/apple',
      title: 'About one/apple (mutation: nothing listens)',
      expect: { outcome: 'healthy' },
      load: { connections: 3 },
    });
    expect(code).toBe(1);
    expect(out).toContain('These are mutations: ');
    expect(out).toContain('1 of 1 came out as `fail`.\n');
  });

  it('runs the scenario itself when it is not there', async () => {
    let ran: Scenario | undefined;
    const services = fakeServices({
      runScenarios: ({ jobs: [job] }) => {
        ran = job?.scenario;
        return Promise.resolve([result({}, job)]);
      },
    });
    const { code, out } = await lvsLab(['run', apple], services);
    expect(ran).toMatchObject({ id: 'one/apple', title: 'About one/apple', load: { connections: 10 } });
    expect(code).toBe(0);
    expect(out).not.toContain('mutations');
  });

  it('tells of them in JSON too', async () => {
    const { out } = await lvsLab(
      ['run', '--mutate', '--json', apple],
      judging(() => failed),
    );
    expect(JSON.parse(out)).toMatchObject({ mutated: true, exitCode: 1 });
  });

  it('refuses scenarios that have none, and names them', async () => {
    const { code, err } = await lvsLab(['run', '--mutate', apple, carrot]);
    expect(code).toBe(5);
    expect(err).toContain(
      'expected each scenario to have a mutation with --mutate, found none in two/carrot\n',
    );
  });

  it('leaves the record for --last-failed alone: a mutation is meant to fail', async () => {
    const { cwd } = await lvsLab(
      ['run', '--mutate', apple],
      judging(() => failed),
    );
    expect(existsSync(join(cwd, 'runs', '.last-run.json'))).toBe(false);
  });
});
