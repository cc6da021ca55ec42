import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import { failed, passed } from '../../../report/samples.js';
import { fakeServices, folder, lvsLab, result, scenarioFiles } from '../../harness.js';
import {
  documentIn,
  essence,
  fourScenarios,
  leavingEvidence,
  nested,
  rewriteDocument,
} from '../../matrices.js';

/** One in four fails with one of the flavours. */
const services = nested(
  leavingEvidence(
    fakeServices({
      runScenarios: ({ jobs, out }) =>
        Promise.resolve(
          jobs.map((job) => {
            const { id, file, hash } = job.scenario;
            const verdict = id === 't/d' && job.iptables === 'legacy' ? failed : passed;
            return result({ directory: join(out, job.name), file, hash, verdict }, job);
          }),
        ),
    }),
  ),
);
const options = ['--kernel', 'debian:sid,debian:bookworm', '--iptables', 'legacy,nft'];

/** A place with four scenarios, and commands in it. */
function place() {
  const cwd = folder();
  const files = fourScenarios(cwd);
  const run = (out: string, ...more: readonly string[]) =>
    lvsLab(['run', ...files, '--out', out, ...more], services, { cwd });
  const merge = (...argv: readonly string[]) => lvsLab(['merge', ...argv], services, { cwd });
  return { cwd, files, run, merge };
}

describe('lvs-lab merge', () => {
  it.each([
    ['a matrix', options, 2],
    ['a matrix, split within a kernel', options, 3],
    ['a matrix with empty shards', options, 19],
    ['one kernel', [], 3],
    ['repeated runs', ['--repeat-each', '3'], 4],
    ['a shuffled run', ['--shuffle=s1', ...options], 3],
  ])(
    'makes of all shards what one run would have been: %s',
    async (_, more, of) => {
      const { cwd, run, merge } = place();
      const whole = await run('whole', ...more);
      const shards = Array.from({ length: of }, (_, index) => `${String(index + 1)}/${String(of)}`);
      for (const shard of shards) await run(`s${shard.replace('/', '-')}`, ...more, '--shard', shard);
      // In any order.
      const merged = await merge(
        ...shards.map((shard) => `s${shard.replace('/', '-')}`).reverse(),
        '--out',
        'merged',
      );
      expect(merged.code).toBe(whole.code);
      expect(essence(documentIn(cwd, 'merged'))).toEqual(essence(documentIn(cwd, 'whole')));
      const lastOf = ({ out }: { readonly out: string }): string[] =>
        (out.split('\n\n').at(-1) ?? '').split('\n');
      expect(lastOf(merged)).toEqual([
        ...lastOf(whole).slice(0, -2),
        `report: ${join(cwd, 'merged', 'report.html')}`,
        '',
      ]);
    },
    60_000,
  );

  it('can be merged again, being complete', async () => {
    const { cwd, run, merge } = place();
    await run('s1', '--shard', '1/2');
    await run('s2', '--shard', '2/2');
    await run('other', '--kernel', 'debian:sid');
    await merge('s1', 's2', '--out', 'once');
    expect((await merge('once', 'other', '--out', 'twice')).code).toBe(0);
    expect(documentIn(cwd, 'twice').scenarios.map(({ job, cell }) => `${cell.kernel ?? '-'} ${job}`)).toEqual(
      [
        ...['- t/b', '- t/a', '- t/d', '- t/c'],
        ...['debian:sid t/b', 'debian:sid t/a', 'debian:sid t/d', 'debian:sid t/c'],
      ],
    );
  });

  it('has all evidence in one place, and results that point there', async () => {
    const { cwd, run, merge } = place();
    await run('s1', ...options, '--shard', '1/2');
    await run('s2', ...options, '--shard', '2/2');
    const evidence = join(cwd, 's2/debian-sid/t/a@legacy');
    writeFileSync(join(evidence, 'note.txt'), 'mine');
    await merge('s1', 's2', '--out', 'merged');
    const found = documentIn(cwd, 'merged').scenarios.find(
      ({ job, cell }) => job === 't/a@legacy' && cell.kernel === 'debian:sid',
    );
    expect(found?.directory).toBe('s2/debian-sid/t/a@legacy');
    expect(readFileSync(join(cwd, 'merged', found!.directory, 'note.txt'), 'utf8')).toBe('mine');
  });

  it('writes the reports of one run', async () => {
    const { cwd, run, merge } = place();
    await run('s1', '--shard', '1/2');
    await run('s2', '--shard', '2/2');
    const { out } = await merge(
      's1',
      's2',
      '--out',
      'merged',
      '--json',
      '--junit',
      'all.xml',
      '--ktap',
      'all.ktap',
    );
    expect(JSON.parse(out)).toMatchObject({ schema: 2, exitCode: 0 });
    expect(readFileSync(join(cwd, 'all.xml'), 'utf8')).toContain('tests="4"');
    expect(readFileSync(join(cwd, 'all.ktap'), 'utf8')).toContain('1..4');
  });

  it('ends as a shard that was interrupted, with what there is', async () => {
    const { cwd, files, run, merge } = place();
    const controller = new AbortController();
    const interrupted = leavingEvidence(
      fakeServices({
        runScenarios: ({ jobs, out }) => {
          controller.abort(new Interruption('SIGINT'));
          return Promise.resolve(
            jobs.slice(0, 1).map((job) => result({ directory: join(out, job.name) }, job)),
          );
        },
      }),
    );
    const argv = ['run', ...files, '--shard', '1/2', '--out', 's1'];
    await lvsLab(argv, interrupted, { cwd, signal: controller.signal });
    await run('s2', '--shard', '2/2');
    const { code, err } = await merge('s1', 's2', '--out', 'merged');
    expect(code).toBe(130);
    expect(err).toContain('error: interrupted by SIGINT');
    const { scenarios } = documentIn(cwd, 'merged');
    expect(scenarios.map(({ job, result, notRun }) => [job, result, notRun])).toEqual([
      ['t/b', 'pass', undefined],
      ['t/a', 'not-run', 'interrupted'],
      ['t/d', 'pass', undefined],
      ['t/c', 'pass', undefined],
    ]);
  });
});

describe('merge refuses', () => {
  const refused = async (p: ReturnType<typeof place>, ...argv: readonly string[]) => {
    const { code, out, err } = await p.merge(...argv, '--out', 'merged');
    expect(code).toBe(5);
    expect(out).toBe('');
    return err;
  };

  it('shards that are not all there', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/3');
    await p.run('s3', '--shard', '3/3');
    expect(await refused(p, 's1', 's3')).toContain('expected all 3 shards, found 2 of them; missing: 2/3');
  });

  it('one shard twice', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/2');
    await p.run('again', '--shard', '1/2');
    expect(await refused(p, 's1', 'again')).toMatch(
      /expected each shard once, found 1\/2 in .*s1 and in .*again/,
    );
  });

  it('shards of different cuts', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/2');
    await p.run('s2', '--shard', '2/3');
    expect(await refused(p, 's1', 's2')).toContain('different numbers of shards, 1/2 and 2/3');
  });

  it.each([
    ['kernels', ['--kernel', 'debian:sid'], 'different kernels or images'],
    ['flavours', ['--iptables', 'legacy'], 'different scenarios: t/b, t/a, t/d, t/c, t/b@legacy'],
    ['expectations', ['--expect', 'close-blocked'], 'different options: '],
  ])('shards of runs with different %s', async (_, more, message) => {
    const p = place();
    await p.run('s1', '--shard', '1/2');
    await p.run('s2', '--shard', '2/2', ...more);
    expect(await refused(p, 's1', 's2')).toContain(message);
  });

  it('shards whose scenario files differ, also where only one of them ran it', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/2');
    scenarioFiles(p.cwd, [{ id: 't/a', tags: 'changed' }]);
    await p.run('s2', '--shard', '2/2');
    expect(await refused(p, 's1', 's2')).toContain('different scenarios: t/a');
  });

  it('runs whose scenario files differ', async () => {
    const p = place();
    await p.run('one');
    scenarioFiles(p.cwd, [{ id: 't/a', tags: 'changed' }]);
    await p.run('two', '--kernel', 'debian:sid');
    expect(await refused(p, 'one', 'two')).toMatch(
      /expected one file of the scenario t\/a, found that .*one ran another one/,
    );
  });

  it('a job that two runs have', async () => {
    const p = place();
    await p.run('one', '--kernel', 'debian:sid');
    await p.run('two', '--kernel', 'debian:sid');
    expect(await refused(p, 'one', 'two')).toMatch(
      /expected each job once, found t\/b \(kernel debian:sid\) in .*one and in .*two/,
    );
  });

  it('results of different versions', async () => {
    const p = place();
    await p.run('one');
    await p.run('two', '--kernel', 'debian:sid');
    rewriteDocument(join(p.cwd, 'two'), (document) => ({
      ...document,
      tool: { ...document.tool, version: '9.9.8' },
    }));
    expect(await refused(p, 'one', 'two')).toMatch(
      /one version of lvs-lab, found 9.9.9 in .*one and 9.9.8 in .*two/,
    );
  });

  it('results that are not what was recorded, and names them', async () => {
    const p = place();
    await p.run('one');
    await p.run('two', '--kernel', 'debian:sid');
    const file = join(p.cwd, 'two/results.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"result": "pass"', '"result": "fail"'));
    expect(await refused(p, 'one', 'two')).toMatch(
      /two\/results\.json: expected the results that were recorded.* changed since/,
    );
    writeFileSync(file, text.slice(0, text.length / 2));
    expect(await refused(p, 'one', 'two')).toMatch(/two\/results\.json: expected JSON, found something else/);
    writeFileSync(file, text);
    expect((await p.merge('one', 'two')).code).toBe(0);
  });

  it('mutations beside scenarios as they are', async () => {
    const p = place();
    await p.run('one');
    await p.run('two', '--kernel', 'debian:sid', '--mutate');
    expect(await refused(p, 'one', 'two')).toMatch(/one use of --mutate, found without in .*one and with in/);
  });

  it.each([
    ['a folder that is no run', ['s1', 's1/../empty'], 'expected a results.json in'],
    ['what is not there', ['s1', 'gone'], 'gone'],
    ['one folder twice', ['s1', './s1'], 's1 twice'],
    ['nothing', [], "missing required argument 'dir'"],
  ])('%s', async (_, argv, message) => {
    const p = place();
    mkdirSync(join(p.cwd, 'empty'));
    await p.run('s1');
    expect(await refused(p, ...argv)).toContain(message);
  });

  it('to put the result into what it merges, or over something', async () => {
    const p = place();
    await p.run('s1');
    const inside = await p.merge('s1', '--out', 's1/merged');
    expect(inside.code).toBe(5);
    expect(inside.err).toContain('expected --out to be outside of what is merged');
    const over = await p.merge('s1', '--out', '.');
    expect(over.code).toBe(5);
    expect(over.err).toContain('expected --out to');
  });

  it('a shard that has lost the record of what all shards were asked for', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/2');
    const record = readFileSync(join(p.cwd, 's1/matrix.json'));
    rmSync(join(p.cwd, 's1/matrix.json'));
    expect(await refused(p, 's1')).toMatch(
      /expected a matrix\.json in .*s1, as it is the shard 1\/2; found none/,
    );
    mkdirSync(join(p.cwd, 's1/matrix.json'));
    expect(await refused(p, 's1')).toMatch(
      /matrix\.json to be a record of `lvs-lab run`, .* found a directory/,
    );
    rmSync(join(p.cwd, 's1/matrix.json'), { recursive: true });
    writeFileSync(join(p.cwd, 's1/matrix.json'), record);
    expect(await refused(p, 's1')).toContain('missing: 2/2');
  });

  it('a matrix.json that is none', async () => {
    const p = place();
    await p.run('s1', '--shard', '1/1');
    writeFileSync(join(p.cwd, 's1/matrix.json'), '{"schema":7}');
    expect(await refused(p, 's1')).toMatch(
      /expected .*s1\/matrix.json to be what `lvs-lab run` records of a matrix/,
    );
  });
});
