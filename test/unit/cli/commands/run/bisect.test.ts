import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import { bisectExitCode, bisectExitCodeFor } from '../../../../../src/cli/frame/exitCodes.js';
import type { Services } from '../../../../../src/cli/frame/services.js';
import type { ScenarioResult } from '../../../../../src/run/model/scenarioResult.js';
import { LabError, UsageError } from '../../../../../src/support/errors.js';
import { failed, inconclusive, passed } from '../../../report/samples.js';
import { fakeServices, folder, lvsLab, result } from '../../harness.js';

const pass = result({ verdict: passed });
const fail = result({ verdict: failed });
const unclear = result({ verdict: inconclusive });
const broke = result({ error: new LabError('panic'), verdict: undefined });
const refused = result({ error: new UsageError('line 3'), verdict: undefined });

/** All codes from 1 to 127 but 125 call a commit bad. */
const isBad = (code: number) => code >= 1 && code <= 127 && code !== 125;

describe('the exit code for git bisect run', () => {
  it.each<[string, ScenarioResult[], number]>([
    ['good: all as expected', [pass, pass], 0],
    ['bad: one failed', [pass, fail], 1],
    ['bad: one failed, whatever became of the others', [broke, unclear, fail, refused], 1],
    ['cannot be tested: inconclusive', [pass, unclear], 125],
    ['cannot be tested: the lab broke', [pass, broke], 125],
    ['cannot be tested: the kernel refuses the rules', [refused], 125],
    ['cannot be tested: nothing ran', [], 125],
  ])('%s', (_, results, code) => {
    expect(bisectExitCode({ results })).toBe(code);
  });

  it.each<[string, Error, number]>([
    ['Ctrl-C', new Interruption('SIGINT'), 130],
    ['SIGTERM', new Interruption('SIGTERM'), 143],
    ['a wrong command line', new UsageError('no such kernel'), 128],
    ['a deadline', new LabError('deadline'), 125],
    ['an error nobody planned for', new TypeError('oops'), 125],
  ])('after %s calls no commit good or bad', (_, error, code) => {
    expect(bisectExitCodeFor(error)).toBe(code);
    expect(bisectExitCode({ results: [pass], error })).toBe(code);
    expect(isBad(code)).toBe(false);
  });

  it('lets a failure count that was seen before the lab broke, but not before somebody stopped it', () => {
    expect(bisectExitCode({ results: [fail], error: new LabError('QEMU was killed') })).toBe(1);
    expect(bisectExitCode({ results: [fail], error: new Interruption('SIGINT') })).toBe(130);
  });
});

describe('lvs-lab run --bisect', () => {
  const giving = (...results: ScenarioResult[]): Services =>
    fakeServices({ runScenarios: () => Promise.resolve(results) });
  const run = async (services: Services, ...argv: string[]) =>
    (await lvsLab(['run', 'close/server-first', '--bisect', ...argv], services)).code;

  it('ends with those codes, and without it with the usual ones', async () => {
    expect(await run(giving(pass))).toBe(0);
    expect(await run(giving(fail))).toBe(1);
    expect(await run(giving(unclear))).toBe(125);
    expect(await run(fakeServices({ openEngine: () => Promise.reject(new LabError('no QEMU')) }))).toBe(125);
    expect((await lvsLab(['run', 'close/server-first'], giving(unclear))).code).toBe(3);
  });

  it('stops the bisect for a command line that is wrong', async () => {
    expect(await run(giving(pass), '--no-such-option')).toBe(128);
    expect(await run(giving(pass), 'close/no-such-scenario')).toBe(128);
    expect(await run(giving(pass), '--repeat-each', 'often')).toBe(128);
    expect((await lvsLab(['run', '--no-such-option'], giving(pass))).code).toBe(5);
  });

  it('stops the bisect for a scenario file that is not valid', async () => {
    const file = join(folder(), 'broken.yaml');
    writeFileSync(file, 'id: x\n');
    expect((await lvsLab(['run', file, '--bisect'], giving(pass))).code).toBe(128);
  });

  it.each(['--list', '--last-failed', '--mutate'])('is refused together with %s', async (option) => {
    expect(await run(giving(pass), option)).toBe(128);
  });
});
