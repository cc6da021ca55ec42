import { isHealthy } from '../../../../src/contracts/words/outcomes.js';
import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const withBlame = (blame: string): string =>
  minimal.replace(/^expect: .*$/m, `expect: { outcome: close-blocked, blame: ${blame} }`);

describe('what must be blamed', () => {
  it('is one of what can be, and whose it is', async () => {
    const { expect: wanted } = await scenarioOf(withBlame('{ policy: INPUT DROP, on: director }'));
    expect(wanted.blame).toEqual({ kind: 'policy', what: 'INPUT DROP', on: 'director' });
    expect((await scenarioOf(withBlame('{ path: replies }'))).expect.blame).toEqual({
      kind: 'path',
      what: 'replies',
    });
  });

  it.each([
    [
      '{ on: director }',
      'expected one of `rule`, `policy`, `sysctl`, `counter`, `ipvs-service`, `ipvs-entry`, `path`, found none',
    ],
    ['{ rule: x, policy: y }', 'found `rule` and `policy`'],
    ['{ ipvs-entry: late }', 'gone'],
    ['{ rulez: x }', 'unknown key `rulez`'],
  ])('is refused: %s', async (blame, problem) => {
    expect((await problemsOf(withBlame(blame))).join('\n')).toContain(problem);
  });

  it('is said by every scenario of the library that is not healthy', async () => {
    const silent = (await listScenarios()).filter(
      ({ expect: { outcome, blame } }) => !isHealthy(outcome) && blame === undefined,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});
