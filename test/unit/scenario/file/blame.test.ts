import { isHealthy } from '../../../../src/contracts/words/outcomes.js';
import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const withBlame = (blame: string): string =>
  minimal.replace(/^expect: .*$/m, `expect: { outcome: close-blocked, blame: ${blame} }`);

/** What the explanation has no word for yet; nor has it any for what becomes of datagrams. */
const unexplained: Readonly<Record<string, string>> = {
  'failure/realserver-silent':
    'the realserver has no network any more, and no packet gets there to be followed',
  'failure/table-emptied': 'IPVS without services does not look at packets, so nobody misses the entry',
  'paths/rp-filter-tunnel':
    'the realserver throws the packet away behind the tunnel, where nothing is followed',
  'services/sh-weight0': 'IPVS itself has no realserver to send to, and says so',
};

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
      'expected one of `rule`, `policy`, `sysctl`, `counter`, `ipvs-entry`, `path`, found none',
    ],
    ['{ rule: x, policy: y }', 'found `rule` and `policy`'],
    ['{ ipvs-entry: late }', 'gone'],
    ['{ rulez: x }', 'unknown key `rulez`'],
  ])('is refused: %s', async (blame, problem) => {
    expect((await problemsOf(withBlame(blame))).join('\n')).toContain(problem);
  });

  it('is said by every scenario of the library that is not healthy', async () => {
    const silent = (await listScenarios()).filter(
      ({ id, load: { datagrams }, expect: { outcome, blame } }) =>
        !isHealthy(outcome) &&
        blame === undefined &&
        datagrams === undefined &&
        !Object.hasOwn(unexplained, id),
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});
