import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../src/report/document/documentSchema.js';
import { waitFor } from '../../../src/support/wait.js';
import {
  cli,
  expectExit,
  runningVms,
  scratchFolders,
  startCli,
  type Finished,
  type Running,
} from '../support/commandLine.js';
import { temporaryFolder } from '../support/run.js';

const scenarios = ['close/server-first', 'close/server-first-fixed', 'close/client-first'];
// Two names for the same packages: two targets, each with a VM of its own, and nothing to be made for the second.
const twoTargets = ['--kernel', 'debian:bookworm', '--image', 'auto,debian:bookworm'];

async function documentIn(directory: string): Promise<ResultDocument> {
  return JSON.parse(await readFile(path.join(directory, 'results.json'), 'utf8')) as ResultDocument;
}

/** `image job: result`, in order. */
async function told(directory: string): Promise<readonly string[]> {
  const { scenarios: entries } = await documentIn(directory);
  return entries.map(({ job, cell, result }) => `${cell.image ?? cell.kernel ?? '-'} ${job}: ${result}`);
}

const passes = (image: string) => scenarios.map((id) => `${image} ${id}: pass`);

/** Process ids of the processes that run the jobs of a matrix below `out`. */
async function childrenOf(out: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => lines[index]?.includes(`\0--jobs\0${out}/`)).map(Number);
}

interface Started extends Running {
  readonly out: string;
}

async function start(...more: readonly string[]): Promise<Started> {
  const out = path.join(await temporaryFolder(), 'out');
  // One lane: exactly one job is under way when something is killed. One VM at a time: it is known which.
  const argv = ['run', ...scenarios, ...twoTargets, '--lanes', '1', '--vms', '1', '--progress', 'plain'];
  return { ...startCli([...argv, '--out', out, ...more]), out };
}

/** What there is of VMs and their folders; the VM that other tests share is always there. */
async function vmsAndFolders() {
  return { vms: [...(await runningVms()).keys()].sort(), folders: [...(await scratchFolders())].sort() };
}

const inTheSecond = /auto: close\/server-first-fixed: measured \.\.\./;

describe('a matrix', () => {
  beforeAll(() => cli(['clean']));

  it('runs core scenarios on two kernels with both flavours, and every cell passes', async () => {
    const out = path.join(await temporaryFolder(), 'out');
    const argv = [
      'run',
      'close/server-first',
      'close/server-first-fixed',
      '--iptables',
      'nft,legacy',
      '--out',
      out,
    ];
    const ran = await cli([...argv, '--kernel', 'debian:bookworm,debian:bullseye']);
    expect(ran.stderr).not.toContain('BROKE');
    expectExit(ran, 0);
    const { scenarios: entries, engines } = await documentIn(out);
    expect(entries.map(({ job, cell, result }) => [cell.kernel, job, result])).toEqual(
      ['debian:bookworm', 'debian:bullseye'].flatMap((kernel) =>
        ['nft', 'legacy'].flatMap((flavour) =>
          scenarios.slice(0, 2).map((id) => [kernel, `${id}@${flavour}`, 'pass']),
        ),
      ),
    );
    expect(engines.map(({ identity }) => identity.kernel)).toEqual([
      expect.stringMatching(/^6\.1\./),
      expect.stringMatching(/^5\.10\./),
    ]);
  });

  it('loses one job with a VM that is killed, and nothing else', async () => {
    const before = new Set((await runningVms()).keys());
    const run = await start();
    await run.saw(inTheSecond);
    const [vm] = [...(await runningVms()).keys()].filter((pid) => !before.has(pid));
    process.kill(vm!, 'SIGKILL');
    const { exitCode, stdout } = await run.finished;
    expect(exitCode).toBe(2);
    expect(stdout).toContain('5 passed, 0 failed, 0 inconclusive, 1 broke');
    expect(await told(run.out)).toEqual([
      ...passes('auto').map((line) => line.replace('-fixed: pass', '-fixed: broke')),
      ...passes('debian:bookworm'),
    ]);
  });

  it('loses one job with a process that is killed, and its VM goes with it', async () => {
    const before = await vmsAndFolders();
    const run = await start();
    await run.saw(inTheSecond);
    const [child] = await childrenOf(run.out);
    process.kill(child!, 'SIGKILL');
    expectExit(await run.finished, 2);
    expect(await told(run.out)).toEqual([
      ...passes('auto').map((line) => line.replace('-fixed: pass', '-fixed: broke')),
      ...passes('debian:bookworm'),
    ]);
    expect((await vmsAndFolders()).vms).toEqual(before.vms);
    await cli(['clean']);
    expect(await vmsAndFolders()).toEqual(before);
  });

  it('breaks the cells of a kernel that is none, and runs the others', async () => {
    const out = path.join(await temporaryFolder(), 'out');
    const argv = ['run', 'close/server-first', '--kernel', '/etc/os-release,debian:bookworm', '--out', out];
    const { exitCode, stdout } = await cli(argv);
    // The lab is not to blame: somebody named a file that is no kernel.
    expect(exitCode).toBe(5);
    expect(stdout).toContain('is not a kernel that can be booted here');
    expect(await told(out)).toEqual([
      '/etc/os-release close/server-first: broke',
      'debian:bookworm close/server-first: pass',
    ]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with its children when it gets %s, and leaves nothing', async (signal, exitCode) => {
    const before = await vmsAndFolders();
    const run = await start();
    await run.saw(inTheSecond);
    run.child.kill(signal);
    expectExit(await run.finished, exitCode);
    expect(await childrenOf(run.out)).toEqual([]);
    expect(await vmsAndFolders()).toEqual(before);
    // What had been found out is not lost.
    expect((await told(run.out))[0]).toBe('auto close/server-first: pass');
  });

  it('ends at its deadline, and leaves nothing', async () => {
    const before = await vmsAndFolders();
    const run = await start('--deadline', '20s');
    const { exitCode, stderr } = await run.finished;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--deadline');
    expect(await childrenOf(run.out)).toEqual([]);
    expect(await vmsAndFolders()).toEqual(before);
  });

  it('takes its children and their VMs with it when it is killed', async () => {
    const before = await vmsAndFolders();
    const run = await start();
    await run.saw(inTheSecond);
    run.child.kill('SIGKILL');
    expectExit(await run.finished, 137);
    const gone = async () => ((await childrenOf(run.out)).length === 0 ? true : undefined);
    await waitFor('the processes of the matrix to be gone', gone, { seconds: 60 });
    expect(await vmsAndFolders()).toEqual(before);
  });
});

describe('shards', () => {
  const run = (out: string, ...more: readonly string[]): Promise<Finished> =>
    cli(['run', ...scenarios.slice(0, 2), ...twoTargets, '--out', out, ...more]);

  it('put together are what one run is', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    const whole = await run(at('whole'));
    expectExit(whole, 0);
    expectExit(await run(at('s1'), '--shard', '1/2'), 0);
    expectExit(await run(at('s2'), '--shard', '2/2'), 0);
    const merged = await cli(['merge', at('s2'), at('s1'), '--out', at('merged')]);
    expectExit(merged, 0);
    expect(await told(at('merged'))).toEqual(await told(at('whole')));
    const outcomes = async (name: string) =>
      (await documentIn(at(name))).scenarios.map(({ verdict }) => verdict?.measured?.outcome);
    expect(await outcomes('merged')).toEqual(await outcomes('whole'));
    // Each result's evidence is where it says.
    const { scenarios: entries } = await documentIn(at('merged'));
    for (const { directory } of entries) {
      expect(await readdir(path.join(at('merged'), directory))).toContain('verdict.json');
    }
  });
});
