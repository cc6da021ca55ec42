// How long `npm run repro`'s run takes, phase by phase: once with an empty cache, then warm. Prints a Markdown table.
import { Argument, Command } from '@commander-js/extra-typings';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { LabError } from '../src/support/errors.js';
import { machineText, thisMachine } from './thisMachine.js';
import { runCommandLine } from './program/runCommandLine.js';
import { runInVm } from './program/runInVm.js';
import { phaseTable } from './timings/phaseTable.js';
import { Timings } from './timings/timings.js';

const scenarios = ['close/server-first', 'close/server-first-fixed'];

/** Runs the two scenarios once. */
async function timedRun(cacheHome: string, out: string): Promise<Timings> {
  const timings = new Timings();
  const start = performance.now();
  const { exitCode, signal } = await runInVm({
    scenarios,
    cacheHome,
    out,
    onEvent: (event) => {
      timings.take(event);
    },
    signal: new AbortController().signal,
  });
  if (exitCode !== 0) {
    const how = signal === undefined ? `with exit code ${String(exitCode)}` : `by ${signal}`;
    throw new LabError(`expected a run of ${scenarios.join(' and ')} to pass; it ended ${how}`, {
      hint: 'see what `npm run repro` says',
    });
  }
  timings.add('the whole command', (performance.now() - start) / 1000);
  return timings;
}

async function measurePhases(warmRuns: number): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
  try {
    const cache = path.join(directory, 'cache');
    const first = await timedRun(cache, path.join(directory, 'first'));
    const warm: Timings[] = [];
    for (let run = 0; run < warmRuns; run += 1) {
      warm.push(await timedRun(cache, path.join(directory, `warm${run}`)));
    }
    console.log(`${machineText(thisMachine())}\n\n${phaseTable(first, warm)}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const command = new Command('npm run bench --')
  .description("how long `npm run repro`'s run takes, phase by phase: with an empty cache, then warm")
  .addArgument(new Argument('[warm-runs]', 'how many').argParser(wholeNumber(1, 1000)).default(5))
  .action(measurePhases);

await runCommandLine(command);
