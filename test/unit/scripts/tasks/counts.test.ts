import { describe, expect, it } from 'vitest';
import { countTests, total } from '../../../../scripts/tasks/counts.js';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  endTime: 0,
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = (passed: number, testResults: ReturnType<typeof file>[], pending = 0) => ({
  numPassedTests: passed,
  numPendingTests: pending,
  numTodoTests: 0,
  startTime: 0,
  testResults,
});

describe('counting a test run', () => {
  it('counts tests that passed and failed', () => {
    const ran = report(2, [file('failed', 'passed', 'failed', 'failed'), file('passed', 'passed')]);
    expect(countTests(ran, 1)).toEqual({ passed: 2, failed: 2, skipped: 0 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests(report(1, [file('failed'), file('passed', 'passed')]), 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a run that failed though every test passed', () => {
    expect(countTests(report(1, [file('passed', 'passed')]), 1).failed).toBe(1);
    expect(countTests(report(1, [file('passed', 'passed')]), 0).failed).toBe(0);
  });

  it('counts no tests, and no report, as a failure', () => {
    expect(countTests(report(0, []), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countTests(report(0, [file('passed', 'skipped')], 1), 0)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 1,
    });
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('adds up', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(total([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
