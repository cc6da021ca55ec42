import { describe, expect, it } from 'vitest';
import { exitCodeOf, resultDocument } from '../../../src/report/result.js';
import { LabError, UsageError } from '../../../src/support/errors.js';
import { failed, identity, inconclusive, passed, resultWith } from './samples.js';

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

describe('the result document', () => {
  it('carries version, engine, every scenario and the exit code', () => {
    const document = resultDocument({
      version: '0.1.0',
      runId: 'k3v9q2xa',
      engine: identity,
      results: [pass, broke],
      exitCode: 2,
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual({
      schema: 1,
      tool: { name: 'lvs-lab', version: '0.1.0' },
      runId: 'k3v9q2xa',
      engine: identity,
      mutated: false,
      scenarios: [
        {
          job: 'close/server-first',
          id: 'close/server-first',
          repeat: 1,
          result: 'pass',
          verdict: JSON.parse(JSON.stringify(passed)) as unknown,
          directory: 'runs/r/x',
          seconds: 41.26,
        },
        {
          job: 'a/b#2',
          id: 'a/b',
          repeat: 2,
          result: 'broke',
          directory: 'runs/r/x',
          seconds: 41.26,
          error: { name: 'LabError', message: 'gone', hint: 'try again' },
        },
      ],
      exitCode: 2,
    });
  });

  it('says that scenarios were mutated and how the order came about', () => {
    const common = { version: '1', results: [fail], exitCode: 1 } as const;
    expect(resultDocument({ ...common, mutated: true, seed: 'abc' })).toMatchObject({
      mutated: true,
      seed: 'abc',
      exitCode: 1,
      scenarios: [{ result: 'fail' }],
    });
    expect(resultDocument(common)).not.toHaveProperty('seed');
  });

  it('carries the error that ended the run early', () => {
    const document = resultDocument({
      version: '1',
      results: [],
      exitCode: 130,
      error: new LabError('interrupted'),
    });
    expect(document.error).toEqual({ name: 'LabError', message: 'interrupted' });
  });
});
