import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheRoot } from '../../src/engine/lifetime/paths.js';
import { waitFor } from '../../src/support/wait.js';
import { cli, runningVms, scratchFolders, startCli } from '../integration/support/commandLine.js';
import { temporaryFolder } from '../integration/support/run.js';
import { amount } from '../unit/fuzz/amount.js';

/** Kernel sockets, and raw sockets: each with its way of driving load. */
const runs: readonly (readonly string[])[] = [
  ['close/server-first'],
  ['load/ipvs-table-clean', '--flows', '2000'],
];

/** A stage of a run as its plain progress begins it, and how long it lasted in a run that was let alone. */
interface Stage {
  readonly argv: readonly string[];
  readonly begins: string;
  readonly milliseconds: number;
}

/** 0 to 1, evenly spread over any number of times, the same each time: fractions of the golden ratio. */
const spread = (time: number): number => (time * ((Math.sqrt(5) - 1) / 2)) % 1;

/** In the environment of a run and of all that it starts. */
const marker = 'LVS_LAB_STRESS';

async function inFolder(argv: readonly string[]) {
  const out = path.join(await temporaryFolder(), 'run');
  const token = randomUUID();
  const whole = ['run', ...argv, '--engine', 'vm', '--progress', 'plain', '--out', out];
  return { out, token, run: startCli(whole, { [marker]: token }) };
}

/** What a line of plain progress says, without the time before it. */
const saidBy = (line: string): string => line.replace(/^\[ *[\d.]+s\] /, '');

async function stagesOf(argv: readonly string[]): Promise<readonly Stage[]> {
  const { run } = await inFolder(argv);
  const { exitCode, stderr } = await run.finished;
  expect(exitCode, stderr).toBe(0);
  const lines = stderr.split('\n').filter((line) => /^\[ *[\d.]+s\] /.test(line));
  const at = lines.map((line) => Number(/[\d.]+/.exec(line)?.[0]) * 1_000);
  const begun = lines.flatMap((line, index) => (line.endsWith(' ...') ? [index] : []));
  return begun.map((index, nth) => {
    const end = at[begun[nth + 1] ?? lines.length - 1] ?? 0;
    return { argv, begins: saidBy(lines[index] ?? ''), milliseconds: end - (at[index] ?? 0) };
  });
}

/** Processes of this machine that a run started, or that they started. */
async function processesOf(token: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const theirs = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(`${marker}=${token}`) ? [pid] : [];
    }),
  );
  return theirs.flat();
}

async function leftovers(token: string) {
  return {
    processes: await processesOf(token),
    vms: [...(await runningVms()).keys()],
    folders: await scratchFolders(),
    partial: (await readdir(cacheRoot())).filter((name) => name.includes('.partial')),
  };
}

const nothing = { processes: [], vms: [], folders: [], partial: [] };

describe('a run that is killed', () => {
  beforeAll(() => cli(['clean']));

  it('at any moment of any stage leaves nothing behind `clean`, and no verdict that is wrong', async () => {
    const { runs: times } = amount(100);
    const stages: Stage[] = [];
    for (const argv of runs) stages.push(...(await stagesOf(argv)));
    expect(await leftovers('none')).toEqual(nothing);

    const killed = new Map<string, number>();
    for (let time = 0; time < times; time += 1) {
      const stage = stages[time % stages.length];
      if (stage === undefined) throw new Error('a run without a stage');
      const where = `kill ${String(time)}, at "${stage.begins}" of ${stage.argv.join(' ')}`;
      const { out, token, run } = await inFolder(stage.argv);
      await run.saw(stage.begins);
      await sleep(stage.milliseconds * spread(time));
      run.child.kill('SIGKILL');
      const { exitCode } = await run.finished;
      // The last stage may be over by then.
      if (exitCode === 137) killed.set(stage.begins, (killed.get(stage.begins) ?? 0) + 1);
      else expect(exitCode, where).toBe(0);

      await waitFor(
        `the processes to be gone: ${where}`,
        async () => ((await processesOf(token)).length === 0 ? true : undefined),
        { seconds: 10 },
      );
      const judged = await cli(['judge', out]);
      const said = `${where}\n${judged.stdout}${judged.stderr}`;
      // 1 is a verdict against the file's expectation, which a run that was cut must not come to; 2 is its job that has no evidence yet.
      expect(judged.exitCode, said).not.toBe(1);
      if (judged.exitCode === 2) expect(said).toContain('the run ended while');
      expect((await cli(['clean'])).exitCode, where).toBe(0);
      expect(await leftovers(token), where).toEqual(nothing);
    }
    console.log('killed', Object.fromEntries(killed));
    expect([...killed.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(times * 0.9);
  });
});
