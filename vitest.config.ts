import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const setupFolder = 'test/integration/setup';

/** Brings the engine up once for all integration tests; every file of the folder is one such step, in name order. */
function integrationSetup(): string[] {
  if (!existsSync(setupFolder)) return [];
  return readdirSync(setupFolder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => `./${setupFolder}/${file}`);
}

/** What is tested by calling functions alone: these files share their modules, of which each would otherwise load hundreds anew. */
export const pureFolders = [
  ...['bench', 'contracts', 'cure', 'evidence', 'fuzz', 'prediction', 'probe', 'proof', 'rebuild'],
  ...['report', 'scenario', 'site', 'verdict'],
].map((folder) => `test/unit/${folder}`);
const pure = pureFolders.map((folder) => `${folder}/**/*.test.ts`);

const unit = {
  // Nothing here waits so long; what reads the whole library takes a few seconds of processor time, and a busy machine many more.
  testTimeout: 60_000,
};

export default defineConfig({
  test: {
    // A flaky test is a bug in the lab: it is never retried.
    retry: 0,
    teardownTimeout: 120_000,
    // Test files that run side by side: many of them wait for programs and timers.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { test: { ...unit, name: 'unit', include: ['test/unit/**/*.test.ts'], exclude: pure } },
      { test: { ...unit, name: 'unit-pure', include: pure, isolate: false } },
      {
        test: {
          // Pages in a real browser; no engine is needed.
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          // axe looks at every element of a page, which takes a busy machine minutes.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: integrationSetup(),
          // One engine, and on an emulated one every container costs seconds.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          // For hours that nobody waits for: `npm run stress` is no part of `npm test`.
          name: 'stress',
          include: ['test/stress/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 7_200_000,
        },
      },
    ],
  },
});
