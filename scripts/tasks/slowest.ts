import { relative } from 'node:path';
import type { VitestReport } from './counts.js';

/** How many files are named. */
const most = 8;

/**
 * Lines that say which test files took longest, the longest first. For files that run one after the other: each is counted from the end of the one before it, so
 * that its preparations, which the report does not tell, are in it.
 */
export function slowestFiles({ startTime, testResults }: VitestReport, root: string): readonly string[] {
  const inOrder = testResults.toSorted((one, other) => one.endTime - other.endTime);
  return inOrder
    .map(({ name, endTime }, index) => ({
      name: relative(root, name),
      seconds: Math.round((endTime - (inOrder[index - 1]?.endTime ?? startTime)) / 1000),
    }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, most)
    .map(({ name, seconds }) => `${String(seconds).padStart(6)} s  ${name}`);
}
