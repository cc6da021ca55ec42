import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../src/support/errors.js';
import { medianOf } from '../timings/spread.js';
import { parts, readProgress, type Part, type Progress, type Recorded } from './recorded.js';

/** The steps that make each part, as a run tells them, in the lab's default image. */
const stepsOf: Readonly<Record<Part, readonly RegExp[]>> = {
  kernel: [/^making the kernel /],
  base: [/^making a base image /],
  root: [/^making the guest root /],
  disk: [
    /^booting the guest$/,
    /^importing /,
    /^building the client /,
    /^building the director /,
    /^building the realserver /,
    /^writing the guest disk$/,
  ],
  warm: [/^booting the guest$/, /^saving the warm guest$/],
  lab: [
    /^starting a saved guest$/,
    /^creating networks and nodes$/,
    /^starting what waits in the nodes$/,
    /^saving the lab$/,
  ],
};

interface Sources {
  readonly about: string;
  readonly lanes: number;
  /** What runs printed, of which one made everything. */
  readonly logs: readonly string[];
  /** The lab's folder in the cache. */
  readonly cache: string;
  /** The directory of a run. */
  readonly run: string;
  /** How many scenarios to take, evenly spread over all by their names. */
  readonly scenarios: number;
}

/** What the simulation needs of recorded runs. Rejects with LabError where they do not tell all of it. */
export async function recordedOf({ logs, cache, run, scenarios, ...rest }: Sources): Promise<Recorded> {
  const progress = readProgress(logs.join('\n'));
  const sizes = await Promise.all(parts.map(async (part) => [part, await sizeOf(cache, part)] as const));
  const all = [...progress.jobs].toSorted(([one], [other]) => (one < other ? -1 : 1));
  // One of each so many: topics stand together.
  const place = (index: number): number => Math.floor((index * scenarios) / all.length);
  const timed = all.filter((_, index) => index === 0 || place(index) !== place(index - 1));
  if (timed.length < scenarios)
    throw new LabError(
      `expected ${String(scenarios)} scenarios whose control run was made, found ${String(timed.length)} in what the runs printed`,
    );
  const jobs = (await readdir(run, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const evidence = await Promise.all(jobs.map(({ name }) => bytesBelow(path.join(run, name))));
  return {
    ...rest,
    parts: Object.fromEntries(
      sizes.map(([part, bytes]) => [part, { seconds: secondsOf(part, progress), bytes }]),
    ) as Recorded['parts'],
    evidenceBytes: Math.round(medianOf(evidence)),
    scenarios: Object.fromEntries(timed.map(([name, seconds]) => [name, tenths(medianOf(seconds))])),
  };
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

function secondsOf(part: Part, { steps }: Progress): number {
  const each = stepsOf[part].map((pattern) => {
    const times = [...steps].flatMap(([name, all]) => (pattern.test(name) ? all : []));
    if (times.length === 0)
      throw new LabError(`expected a run that tells how long the step ${String(pattern)} took, found none`, {
        hint: 'give also what a run printed that began with an empty cache',
      });
    return medianOf(times);
  });
  return tenths(each.reduce((sum, one) => sum + one, 0));
}

/** The median size of a part's entries on disk, in bytes: of a file with holes only what is there. */
async function sizeOf(cache: string, part: Part): Promise<number> {
  const names = (await readdir(cache)).filter((name) => new RegExp(`^${part}-[0-9a-f]{20}$`).test(name));
  if (names.length === 0) throw new LabError(`expected an entry ${part}-... in ${cache}, found none`);
  return medianOf(await Promise.all(names.map((name) => bytesBelow(path.join(cache, name)))));
}

async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => (await lstat(path.join(folder, name))).blocks * 512),
  );
  return sizes.reduce((sum, one) => sum + one, 0);
}
