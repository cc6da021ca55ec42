import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../../src/report/document/resultDocument.js';
import type { ScenarioResult } from '../../../../../src/run/model/scenarioResult.js';
import { LabError } from '../../../../../src/support/errors.js';
import { failed, healthy, inconclusive, passed } from '../../../report/samples.js';
import { engine } from '../../../report/document/samples.js';
import { fakeServices, folder, lvsLab, result } from '../../harness.js';

/** A run's directory that holds these results. */
function recorded(results: readonly ScenarioResult[], error?: Error): string {
  const directory = folder();
  const inside = results.map((each) => ({ ...each, directory: join(directory, 'job') }));
  const document = resultDocument({
    version: '1',
    directory,
    engines: [engine],
    results: inside,
    exitCode: 0,
    error,
  });
  writeFileSync(join(directory, 'results.json'), JSON.stringify(document));
  return directory;
}
const good = result({ verdict: passed });
const bad = result({ verdict: failed, scenario: passed.scenario });
const well = result({ verdict: { ...failed, measured: healthy }, scenario: passed.scenario });

describe('lvs-lab compare', () => {
  it('says what got worse and how, and ends with 1', async () => {
    const [a, b] = [recorded([well]), recorded([good])];
    const { code, out } = await lvsLab(['compare', a, b]);
    expect(code).toBe(1);
    expect(out).toBe(
      [
        `from ${a}`,
        `to   ${b}`,
        '',
        'nothing is known to differ in what they ran on',
        '',
        'further from healthy:',
        '  close/server-first',
        '    healthy -> close-blocked with ICMP 3/10 (host-prohibited) from director',
        '    as its file expects: no -> yes',
        '      connections healthy: 10 -> 0',
        '      TIME-WAIT sockets on realserver1: 5 -> 0',
        '      TIME-WAIT sockets on realserver2: 5 -> 0',
        '      IPVS entries FIN_WAIT: 10 -> 0',
        '      connections close-blocked: 0 -> 10',
        '      LAST-ACK sockets on client: 0 -> 10',
        '      FIN-WAIT-2 sockets on realserver1: 0 -> 5',
        '      FIN-WAIT-2 sockets on realserver2: 0 -> 5',
        '      IPVS entries ESTABLISHED: 0 -> 10',
        '      ICMP 3/10 (host-prohibited) from director: 0 -> 45',
        '      packets rejected or dropped on director: 0 -> 60',
        '',
        '1 cell compared: 0 closer to healthy, 1 further from healthy, 0 the same, 0 as far from healthy in another way, 0 not comparable',
        'as their files expect: 0 in the first, 1 in the second',
        '',
      ].join('\n'),
    );
  });

  it('ends with 0 where nothing got worse, and with 3 where nobody can tell', async () => {
    expect((await lvsLab(['compare', recorded([good]), recorded([well])])).code).toBe(0);
    expect((await lvsLab(['compare', recorded([good]), recorded([good])])).code).toBe(0);
    const unclear = result({ verdict: inconclusive });
    const { code, out } = await lvsLab(['compare', recorded([bad]), recorded([unclear])]);
    expect(code).toBe(3);
    expect(out).toMatch(/^not comparable:$/m);
  });

  it('goes by what files expect with --better expected', async () => {
    const argv = ['compare', recorded([good]), recorded([well]), '--better'];
    expect((await lvsLab([...argv, 'healthy'])).code).toBe(0);
    const { code, out } = await lvsLab([...argv, 'expected']);
    expect(code).toBe(1);
    expect(out).toMatch(/^worse: not as the file expects any more:$/m);
  });

  it('prints one JSON document with --json, with the exit code inside', async () => {
    const { code, out, err } = await lvsLab(['compare', recorded([well]), recorded([good]), '--json']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 2,
      better: 'healthy',
      cells: [{ scenario: 'close/server-first', change: 'worse', asExpected: { a: false, b: true } }],
      exitCode: 1,
    });
    expect([code, err]).toEqual([1, '']);
  });

  it('names what is the same with --verbose only, and says which set is not complete', async () => {
    const argv = ['compare', recorded([good]), recorded([good], new LabError('QEMU was killed'))];
    const short = await lvsLab(argv);
    expect(short.out).not.toMatch(/^the same:/m);
    expect(short.out).toMatch(/^not complete: .* ended early: QEMU was killed$/m);
    expect((await lvsLab([...argv, '--verbose'])).out).toMatch(
      /^the same:\n {2}close\/server-first: close-blocked /m,
    );
  });

  it('takes a results.json as well as the folder it is in, relative to the working directory', async () => {
    const cwd = folder();
    for (const name of ['a', 'b']) {
      mkdirSync(join(cwd, name));
      writeFileSync(join(cwd, name, 'results.json'), readFileSync(join(recorded([good]), 'results.json')));
    }
    expect((await lvsLab(['compare', 'a', 'b/results.json'], fakeServices(), { cwd })).code).toBe(0);
  });

  it.each([
    ['nothing there', (dir: string) => join(dir, 'none'), /none.*cannot be read/],
    [
      'a folder without results',
      (dir: string) => dir,
      /expected a results\.json in .*, found an empty folder/,
    ],
    [
      'a run that was killed',
      (dir: string) => (writeFileSync(join(dir, 'run.json'), '{}'), dir),
      /found run\.json[^]*not over, or was killed.*`lvs-lab judge`/,
    ],
    [
      'results that were edited',
      (dir: string) => {
        const text = readFileSync(join(recorded([bad]), 'results.json'), 'utf8');
        writeFileSync(join(dir, 'results.json'), text.replace('"result":"fail"', '"result":"pass"'));
        return dir;
      },
      /results\.json: expected the results that were recorded.*changed since/,
    ],
    [
      'something else',
      (dir: string) => (writeFileSync(join(dir, 'results.json'), '{"schema": 2}'), dir),
      /results\.json: expected results as[^]*tool: /,
    ],
  ])('ends with 5 for %s, and says so', async (_, make, complaint) => {
    const there = recorded([good]);
    const { code, out, err } = await lvsLab(['compare', there, make(folder())]);
    expect([code, out]).toEqual([5, '']);
    expect(err).toMatch(complaint);
    expect((await lvsLab(['compare', there, there])).code).toBe(0);
  });

  it('ends with 5 where there is nothing to compare', async () => {
    const other = result({ verdict: passed, scenario: 'open/other', job: 'open/other' });
    const { code, err } = await lvsLab(['compare', recorded([good]), recorded([other])]);
    expect(code).toBe(5);
    expect(err).toMatch(/found close\/server-first in the first and open\/other in the second/);
  });
});
