// How long `npm run repro` takes, with an empty cache and warm, with nothing and with busy loops beside it: see README.md beside this. Prints
// Markdown tables and keeps the figures in results/.
import { Command, Option } from '@commander-js/extra-typings';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { cacheRoot } from '../src/engine/lifetime/paths.js';
import { durationText } from '../src/support/duration.js';
import { BusyLoops } from './program/busyLoops.js';
import { commandText } from './program/commandText.js';
import { keepResult } from './program/keepResult.js';
import { runCommandLine } from './program/runCommandLine.js';
import { runRepro } from './program/runRepro.js';
import { machineText, thisMachine } from './thisMachine.js';
import { phaseTable } from './timings/phaseTable.js';
import { cacheStarts, type CacheStart, type ReproResult, type ReproRun } from './timings/reproResult.js';
import { reproTable } from './timings/reproTable.js';
import { Timings } from './timings/timings.js';
import { usageOf } from './usage/usage.js';

const loopsBeside = 8;

const command = new Command('npm run bench --')
  .description(
    'how long `npm run repro` takes, with an empty cache and warm, with nothing and with busy loops beside it; bench/README.md says how to read it',
  )
  .addOption(new Option('--rounds <n>', 'how many').argParser(wholeNumber(1, 100)).default(5))
  .addOption(new Option('--quick', 'one round').implies({ rounds: 1 }))
  .addOption(
    new Option(
      '--only <start>',
      'warm: with the cache that there is, after a run that does not count',
    ).choices(cacheStarts),
  )
  .addOption(new Option('--no-loops', 'leave out the runs with busy loops beside them'))
  .action(async ({ rounds, only, loops }) => {
    const runs: ReproRun[] = [];
    const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
    try {
      for await (const run of allRuns({ scratch, rounds, only, besides: loops ? [0, loopsBeside] : [0] })) {
        runs.push(run);
        process.stderr.write(`${run.start}: ${durationText(run.seconds)}\n`);
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    const [at, machine] = [new Date().toISOString(), thisMachine()];
    console.log(`${machineText(machine)}, ${at.slice(0, 10)}\n\n${reproTable(runs)}\n\n${phaseTable(runs)}`);
    const node = process.versions.node;
    const result: ReproResult = { at, command: commandText('bench'), machine: { ...machine, node }, runs };
    await keepResult('repro', result);
  });

interface RunsRequest {
  /** For caches and run directories. */
  readonly scratch: string;
  readonly rounds: number;
  readonly only: CacheStart | undefined;
  /** With how many busy loops beside them. */
  readonly besides: readonly number[];
}

/** In each round a cold run, and then a warm one with the cache that it left. */
async function* allRuns({ scratch, rounds, only, besides }: RunsRequest): AsyncGenerator<ReproRun> {
  const own = path.dirname(cacheRoot());
  if (only === 'warm') await timedRun('warm', own, { scratch, busyLoops: 0 });
  for (let round = 1; round <= rounds; round += 1) {
    for (const busyLoops of besides) {
      process.stderr.write(`round ${round} of ${rounds}, ${busyLoops} busy loops\n`);
      if (only === 'warm') {
        yield await timedRun('warm', own, { scratch, busyLoops });
        continue;
      }
      const cacheHome = await mkdtemp(path.join(scratch, 'cache-'));
      yield await timedRun('cold', cacheHome, { scratch, busyLoops });
      if (only === undefined) yield await timedRun('warm', cacheHome, { scratch, busyLoops });
      await rm(cacheHome, { recursive: true });
    }
  }
}

async function timedRun(
  start: CacheStart,
  cacheHome: string,
  { scratch, busyLoops }: { readonly scratch: string; readonly busyLoops: number },
): Promise<ReproRun> {
  const timings = new Timings();
  const directory = await mkdtemp(path.join(scratch, 'run-'));
  await using _beside = await BusyLoops.start(busyLoops);
  const { usage } = await usageOf((variables) =>
    runRepro({
      cacheHome,
      out: path.join(directory, 'out'),
      variables,
      onEvent: (event) => {
        timings.take(event);
      },
    }),
  );
  await rm(directory, { recursive: true });
  return { start, busyLoops, ...usage, phases: Object.fromEntries(timings.entries) };
}

await runCommandLine(command);
