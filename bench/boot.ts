// How long a guest takes: booted until its Docker engine answers, and started with a lab from its saved machine. Then what a second kernel
// costs. The cache is a copy of the user's, which must have the lab of the scenario below: run `npm run repro` first.
import { Argument, Command } from '@commander-js/extra-typings';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { cacheRoot } from '../src/engine/lifetime/paths.js';
import { LabError } from '../src/support/errors.js';
import { isThere } from '../src/support/files/isThere.js';
import { machineText, thisMachine } from './thisMachine.js';
import { runCommandLine } from './program/runCommandLine.js';
import { runInVm } from './program/runInVm.js';
import { guestStartTable, type GuestStarts, secondKernelTable } from './timings/bootTables.js';
import { Timings } from './timings/timings.js';

const kernel = 'debian:bookworm';
const booting = 'booting the guest';
const scenario = 'close/server-first-fixed';
const restoring = `${scenario}: topology`;

/** Opens an engine and ends it as soon as there is a lab; resolves with the time of each step on the way, and of all. */
async function timedOpening(folder: string, kernel: string): Promise<Timings> {
  const timings = new Timings();
  const ready = new AbortController();
  await runInVm({
    scenarios: [scenario],
    options: ['--kernel', kernel],
    cacheHome: path.join(folder, 'cache'),
    out: await mkdtemp(path.join(folder, 'out-')),
    onEvent: (event) => {
      if (ready.signal.aborted) return;
      timings.take(event);
      if (event.type === 'engine-ready') timings.add('in all', event.seconds);
      if (timings.of(restoring) !== undefined) ready.abort();
    },
    signal: ready.signal,
  });
  if (!ready.signal.aborted) {
    throw new LabError(`expected an engine with the kernel ${kernel}, found none`, {
      hint: `see what \`lvs-lab run --engine vm --kernel ${kernel}\` says`,
    });
  }
  return timings;
}

function secondsOf(timings: Timings, step: string): number {
  const seconds = timings.of(step);
  if (seconds !== undefined) return seconds;
  const steps = timings.entries.map(([name]) => name).join(', ');
  throw new LabError(`expected the step "${step}", found ${steps}`);
}

/** The user's cache, which has the parts of a guest. */
async function ownCache(): Promise<string> {
  const cache = cacheRoot();
  if (await isThere(cache)) return cache;
  throw new LabError(`expected a cache in ${cache}, found none`, { hint: 'run `npm run repro` first' });
}

async function removeSavedMachines(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => name.startsWith('warm-'));
  await Promise.all(names.map((name) => rm(path.join(cache, name), { recursive: true })));
}

async function measureBoots(runs: number, secondKernel: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
  try {
    const cache = path.join(folder, 'cache', 'lvs-lab');
    await cp(await ownCache(), cache, { recursive: true });
    const starts = { booted: [] as number[], restored: [] as number[] } satisfies GuestStarts;
    for (let run = 0; run < runs; run += 1) {
      // The guest is booted to be saved, and then started from what was saved.
      await removeSavedMachines(cache);
      const timings = await timedOpening(folder, kernel);
      starts.booted.push(secondsOf(timings, booting));
      starts.restored.push(secondsOf(timings, restoring));
    }
    await removeSavedMachines(cache);
    const other = await timedOpening(folder, secondKernel);
    console.log(`${machineText(thisMachine())}\n\n${guestStartTable(starts)}\n`);
    console.log(secondKernelTable(secondKernel, other));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const command = new Command('npm run bench:boot --')
  .description('how long a guest takes until its Docker engine answers, and what a second kernel costs')
  .addArgument(new Argument('[runs]', 'how many times').argParser(wholeNumber(1, 1000)).default(5))
  .addArgument(new Argument('[second-kernel]', 'as --kernel of lvs-lab names it').default('debian:trixie'))
  .action(measureBoots);

await runCommandLine(command);
