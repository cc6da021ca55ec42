import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/packageRoot.js';
import { waitFor } from '../../src/support/wait.js';
import { amount } from '../unit/fuzz/amount.js';
import { SlurmCluster } from './slurm/cluster.js';
import { installSlurm } from './slurm/programs.js';
import { theWork } from './slurm/work.js';
import { spread } from './stages.js';

const script = path.join(packageRoot, 'ci', 'slurm.sbatch');
const times = Array.from({ length: amount(10).runs }, (_, index) => index);
/** What becomes of a program that Slurm or a node ended is told by nobody. */
const patience = { seconds: 1_200, everyMs: 500, signal: new AbortController().signal };

interface Cell {
  readonly job: string;
  readonly result: string;
  readonly hash: string;
  readonly verdict?: { readonly measured?: { readonly outcome: string } };
}

/** What each job of a results.json came to, in the order of the file. */
function cellsOf(directory: string): readonly object[] {
  const text = readFileSync(path.join(directory, 'results.json'), 'utf8');
  const { scenarios } = JSON.parse(text) as { readonly scenarios: readonly Cell[] };
  return scenarios.map(({ job, result, hash, verdict }) => ({
    ...{ job, result, hash },
    outcome: verdict?.measured?.outcome,
  }));
}

/** The merge as the head of the script has it. */
const mergeCommand = /--wrap "([^"]+)"/.exec(readFileSync(script, 'utf8'))?.[1] ?? '';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with ci/slurm.sbatch and, in bin, an `lvs-lab`. */
function submitFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-slurm-'));
  folders.push(folder);
  mkdirSync(path.join(folder, 'bin'));
  const program = path.join(folder, 'bin', 'lvs-lab');
  writeFileSync(program, theWork.program(folder));
  chmodSync(program, 0o755);
  cpSync(script, path.join(folder, 'slurm.sbatch'));
  return folder;
}

describe(`a Slurm of two nodes that loses one (${theWork.name})`, () => {
  let whole: readonly object[];
  beforeAll(async () => {
    await installSlurm(process.env['PATH'] ?? '');
    const folder = submitFolder();
    whole = await theWork.unsharded(folder).then(cellsOf);
    expect(whole).toHaveLength(4);
  }, 1_200_000);

  it.each(times)('comes to what one run comes to, and counts nothing twice (%i)', async (time) => {
    const folder = submitFolder();
    const scenarios = theWork.scenarios(folder);
    await using cluster = await SlurmCluster.start(folder);
    const env = { ...theWork.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
    const submit = (...argv: readonly string[]) => cluster.run(['sbatch', ...argv], { cwd: folder, env });
    const job = (await submit('--parsable', 'slurm.sbatch', ...scenarios)).stdout.trim();
    const results = `results/${job}`;
    const merge = mergeCommand.replaceAll('$job', job);
    const merged = submit('--wait', `--dependency=afterany:${job}`, '--output=merge.log', '--wrap', merge);
    const inFolder = (name: string): readonly string[] => {
      const at = path.join(folder, results, name);
      return existsSync(at) ? readdirSync(at) : [];
    };
    await waitFor(
      'both nodes to work',
      () => (inFolder('attempts').length >= 2 ? true : undefined),
      patience,
    );

    // The first moment is the middle of a task; the others are spread over the array and its merge.
    const moment = time === 0 ? theWork.taskSeconds / 2 : spread(time) * theWork.taskSeconds * 3;
    await sleep(moment * 1000);
    await cluster.lose(time % 2 === 0 ? 'node1' : 'node2');

    const { exitCode, stderr } = await merged;
    const told = () =>
      [`node lost ${moment.toFixed(1)} s on; sbatch said: ${stderr}`, ...theWork.logs(folder)].join('\n');
    expect(cellsOf(path.join(folder, results, 'merged')), told()).toEqual(whole);
    expect(exitCode, told()).toBe(theWork.exitCode);
    // What the lost node was at, if anything, was run again.
    const again = inFolder('attempts');
    expect(again.length, told()).toBeLessThanOrEqual(1);
    if (time === 0) expect(again, told()).toHaveLength(1);
  });
});
