import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFlowLines } from '../../src/evidence/readFlows.js';
import { waitFor } from '../../src/support/wait.js';
import { cli, runningVms, startCli } from './support/commandLine.js';
import { temporaryFolder } from './support/run.js';

describe('a raw-socket load that is stopped while its flows are opened', () => {
  beforeAll(() => cli(['clean']));

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', 137],
  ] as const)('by %s leaves no VM, and has its evidence so far', async (signal, exitCode) => {
    const before = [...(await runningVms()).keys()].sort().join();
    const out = path.join(await temporaryFolder(), 'run');
    const run = startCli(['run', 'load/rst-storm', '--engine', 'vm', '--progress', 'plain', '--out', out]);
    await run.saw(/load\/rst-storm: measured: [1-9]\d*\/4000 opened/);
    run.child.kill(signal);
    expect((await run.finished).exitCode).toBe(exitCode);
    await waitFor(
      'the VM to be gone',
      async () => ([...(await runningVms()).keys()].sort().join() === before ? true : undefined),
      { seconds: 10 },
    );
    await cli(['clean']);

    const evidence = path.join(out, 'load-rst-storm');
    const text = await readFile(path.join(evidence, 'measured', 'flows.jsonl'), 'utf8');
    const { seconds } = readFlowLines(text, () => undefined);
    expect(seconds.at(-1)?.opened).toBeGreaterThan(0);
    const judged = await cli(['judge', evidence]);
    expect(judged.exitCode).toBe(3);
    expect(judged.stdout).toMatch(/The raw load agent (?:came to no report; when it was last|heard nothing)/);
  });
});
