import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli, runningVms, scratchFolders } from '../integration/support/commandLine.js';
import { temporaryFolder } from '../integration/support/run.js';
import { amount } from '../unit/fuzz/amount.js';

const scenarios = ['close/server-first', 'close/server-first-fixed'];

/** Two runs of the same scenarios, started at the same moment; throws unless both came to both verdicts and left nothing. */
async function twoTogether(env: NodeJS.ProcessEnv): Promise<void> {
  const one = async () => {
    const out = path.join(await temporaryFolder(), 'run');
    return cli(['run', ...scenarios, '--engine', 'vm', '--lanes', '1', '--out', out], env);
  };
  for (const { exitCode, stdout, stderr } of await Promise.all([one(), one()])) {
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain('2 passed, 0 failed, 0 inconclusive, 0 broke');
  }
  expect([...(await runningVms()).keys()]).toEqual([]);
  expect(await scratchFolders()).toEqual([]);
}

const partial = async (cache: string): Promise<readonly string[]> =>
  (await readdir(path.join(cache, 'lvs-lab'), { recursive: true })).filter((name) =>
    name.includes('.partial'),
  );

describe('two at once', () => {
  const times = Array.from({ length: amount(10).runs }, (_, index) => index + 1);
  beforeAll(() => cli(['clean']));

  it.each(times)('runs with a warm cache come to their verdicts (%i)', () => twoTogether({}));

  it.each(times)('cold starts share one empty cache, and neither spoils it (%i)', async () => {
    const cache = await temporaryFolder();
    await twoTogether({ XDG_CACHE_HOME: cache });
    expect(await partial(cache)).toEqual([]);
    // What the two made together is whole: a third run starts from it.
    await twoTogether({ XDG_CACHE_HOME: cache });
  });
});
