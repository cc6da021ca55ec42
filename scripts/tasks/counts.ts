/** What checks came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The parts of vitest's JSON report that are read here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** When the run began, in milliseconds. */
  readonly startTime: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  /** Its path. */
  readonly name: string;
  /** When its last test ended, in milliseconds. */
  readonly endTime: number;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

/**
 * What a vitest run came to; `report` undefined: it wrote none. A file that could not be loaded counts as one failed test, and so does a run that
 * failed for a reason no test shows: an unhandled error, a set-up that broke, no tests at all.
 */
export function countTests(report: VitestReport | undefined, exitCode: number): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.testResults.reduce((sum, file) => sum + failuresOf(file), 0);
  const skipped = report.numPendingTests + report.numTodoTests;
  const nothingRan = report.numPassedTests + failed === 0;
  const unseen = failed === 0 && (exitCode !== 0 || nothingRan) ? 1 : 0;
  return { passed: report.numPassedTests, failed: failed + unseen, skipped };
}

function failuresOf({ status, assertionResults }: VitestFile): number {
  const failed = assertionResults.filter((test) => test.status === 'failed').length;
  return status === 'failed' ? Math.max(1, failed) : failed;
}

/** All of them together. */
export function total(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
