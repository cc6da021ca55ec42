import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../../src/report/results/resultKind.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';
import { failed, inconclusive, passed, resultWith } from '../samples.js';

const pass = resultWith({ verdict: passed });
const fail = resultWith({ verdict: failed });
const unclear = resultWith({ verdict: inconclusive });
const broke = resultWith(
  { error: new LabError('gone', { hint: 'try again' }) },
  { scenario: 'a/b', repeat: 2 },
);
const invalid = resultWith({ error: new UsageError('bad rules') });

describe('the exit code of results', () => {
  it.each([
    ['all passed', [pass, pass], 0],
    ['one failed', [pass, fail], 1],
    ['one inconclusive', [pass, unclear], 3],
    ['failed outranks inconclusive', [unclear, fail], 1],
    ['broke outranks failed', [fail, broke, pass], 2],
    ['a scenario that is not valid outranks failed', [fail, invalid], 5],
    ['broke outranks a scenario that is not valid', [invalid, broke], 2],
    ['nothing ran', [], 4],
  ])('%s', (_, results, code) => {
    expect(exitCodeOf(results)).toBe(code);
  });
});
