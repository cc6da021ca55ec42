import { describe, expect, it } from 'vitest';
import { exitCodeOf, resultDocument } from '../../../src/report/result.js';
import { LabError, UsageError } from '../../../src/support/errors.js';
import { failed, identity, inconclusive, passed } from './samples.js';

const at = { directory: '/d', seconds: 1 };
const pass = { scenario: 'p', ...at, verdict: passed };
const fail = { scenario: 'f', ...at, verdict: failed };
const unclear = { scenario: 'i', ...at, verdict: inconclusive };
const broke = { scenario: 'b', ...at, error: new LabError('gone', { hint: 'try again' }) };

const invalid = { scenario: 'u', ...at, error: new UsageError('bad rules') };

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
      scenarios: [
        {
          id: 'p',
          result: 'pass',
          verdict: JSON.parse(JSON.stringify(passed)) as unknown,
          directory: '/d',
          seconds: 1,
        },
        {
          id: 'b',
          result: 'broke',
          directory: '/d',
          seconds: 1,
          error: { name: 'LabError', message: 'gone', hint: 'try again' },
        },
      ],
      exitCode: 2,
    });
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
