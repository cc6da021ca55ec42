import { describe, expect, it } from 'vitest';
import { slowestFiles } from '../../../../scripts/tasks/slowest.js';

const file = (name: string, endTime: number) => ({
  name: `/here/${name}`,
  status: 'passed',
  assertionResults: [],
  endTime,
});

describe('the slowest test files', () => {
  it('are told with the time from the end of the one before, the longest first', () => {
    const testResults = [file('b.test.ts', 95_000), file('a.test.ts', 20_000), file('c.test.ts', 96_000)];
    const report = { numPassedTests: 3, numPendingTests: 0, numTodoTests: 0, startTime: 10_000, testResults };
    expect(slowestFiles(report, '/here')).toEqual([
      '    75 s  b.test.ts',
      '    10 s  a.test.ts',
      '     1 s  c.test.ts',
    ]);
  });

  it('are eight at most', () => {
    const testResults = Array.from({ length: 12 }, (_, index) => file(`${index}.test.ts`, index * 1000));
    const report = { numPassedTests: 3, numPendingTests: 0, numTodoTests: 0, startTime: 0, testResults };
    expect(slowestFiles(report, '/here')).toHaveLength(8);
  });
});
