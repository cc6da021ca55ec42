import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot } from '../../src/engine/lifetime/paths.js';
import { parseVerdict } from '../../src/report/document/parseResults.js';
import type { Scenario } from '../../src/scenario/model/scenario.js';
import type { Verdict } from '../../src/verdict/model/verdict.js';
import { expectExit, runningVms, scratchFolders, startCli } from '../integration/support/commandLine.js';
import { temporaryFolder } from '../integration/support/run.js';

/** A stage of a run as its plain progress begins it, and how long it lasted in a run that was let alone. */
export interface Stage {
  readonly argv: readonly string[];
  readonly begins: string;
  readonly milliseconds: number;
}

/** 0 to 1, evenly spread over any number of times, the same each time: fractions of the golden ratio. */
export const spread = (time: number): number => (time * ((Math.sqrt(5) - 1) / 2)) % 1;

/** In the environment of a run and of all that it starts. */
const marker = 'LVS_LAB_STRESS';

/** Starts a run of the lab's VM, with its control run, in a folder of its own; `token` marks its processes. */
export async function inFolder(argv: readonly string[]) {
  const out = path.join(await temporaryFolder(), 'run');
  const token = randomUUID();
  const whole = ['run', ...argv, '--engine', 'vm', '--fresh-control', '--progress', 'plain', '--out', out];
  return { out, token, run: startCli(whole, { [marker]: token }) };
}

/** What the judge made of a scenario of a run in this folder. */
export async function verdictIn(out: string, { id }: Pick<Scenario, 'id'>): Promise<Verdict> {
  return parseVerdict(await readFile(path.join(out, id.replace('/', '-'), 'verdict.json'), 'utf8'));
}

/** What a line of plain progress says, without the time before it. */
const saidBy = (line: string): string => line.replace(/^\[ *[\d.]+s\] /, '');

/** The progress of a run that is let alone. */
async function progressOf(argv: readonly string[]): Promise<string> {
  const { run } = await inFolder(argv);
  const ended = await run.finished;
  expectExit(ended, 0);
  return ended.stderr;
}

/** The stages that each run has which is let alone. What is made once, such as a lab of its shape, has been made when this resolves. */
export async function stagesOf(argv: readonly string[]): Promise<readonly Stage[]> {
  await progressOf(argv);
  const stderr = await progressOf(argv);
  const lines = stderr.split('\n').filter((line) => /^\[ *[\d.]+s\] /.test(line));
  const at = lines.map((line) => Number(/[\d.]+/.exec(line)?.[0]) * 1_000);
  const begun = lines.flatMap((line, index) => (line.endsWith(' ...') ? [index] : []));
  return begun.map((index, nth) => {
    const end = at[begun[nth + 1] ?? lines.length - 1] ?? 0;
    return { argv, begins: saidBy(lines[index] ?? ''), milliseconds: end - (at[index] ?? 0) };
  });
}

/** Processes of this machine that a run started, or that they started. */
export async function processesOf(token: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const theirs = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(`${marker}=${token}`) ? [pid] : [];
    }),
  );
  return theirs.flat();
}

/** What is left of the run with this token, and of any VM. */
export async function leftovers(token: string) {
  return {
    processes: await processesOf(token),
    vms: [...(await runningVms()).keys()],
    folders: await scratchFolders(),
    partial: (await readdir(cacheRoot())).filter((name) => name.includes('.partial')),
  };
}

export const nothing = { processes: [], vms: [], folders: [], partial: [] };
