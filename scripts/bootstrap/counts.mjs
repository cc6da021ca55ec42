/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{
 *   numPassedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[],
 * }} VitestReport the parts of vitest's JSON report that are read here
 */

/**
 * What a vitest run came to. A file that could not be loaded counts as one failed test, and so does a run that failed
 * for a reason no test shows: an unhandled error, a set-up that broke, no tests at all.
 * @param {VitestReport | undefined} report undefined: it wrote none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countTests(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.testResults.reduce((sum, file) => sum + failuresOf(file), 0);
  const skipped = report.numPendingTests + report.numTodoTests;
  const nothingRan = report.numPassedTests + failed === 0;
  const unseen = failed === 0 && (exitCode !== 0 || nothingRan) ? 1 : 0;
  return { passed: report.numPassedTests, failed: failed + unseen, skipped };
}

/** @param {VitestReport['testResults'][number]} file */
function failuresOf({ status, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed').length;
  return status === 'failed' ? Math.max(1, failed) : failed;
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function total(all) {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
