import pLimit from 'p-limit';
import { sharesOf } from '../../src/matrix/targets/shard.js';
import { targetsOf, type Target } from '../../src/matrix/targets/target.js';
import { Clock } from './clock.js';
import { parts, type Part, type Recorded } from './recorded.js';
import { CacheDisk } from './cacheDisk.js';

/** A job of the matrix: a scenario with a flavour of iptables. */
export interface ScaleJob {
  readonly name: string;
  /** What its lab is like; jobs of one shape begin with the same saved lab. */
  readonly shape: string;
  readonly seconds: number;
}

/** What is to be run. */
export interface ScaleMatrix {
  readonly kernels: number;
  readonly images: number;
  readonly jobs: readonly ScaleJob[];
}

/** On what: a shard a machine. `shared`: one cache on a file system that all machines have, as fast as a disk of their own. */
export interface ScalePlan {
  readonly machines: number;
  readonly cache: 'shared' | 'own';
}

export interface ScaleResult extends ScalePlan {
  readonly cells: number;
  /** Seconds until the last shard was over, and until half of them were. */
  readonly longest: number;
  readonly median: number;
  /** Seconds of all machines together. */
  readonly machineSeconds: number;
  /** How often each part was made. */
  readonly made: Readonly<Record<Part, number>>;
  /** Bytes that were written into caches, and that machines read of what another had made. */
  readonly written: number;
  readonly read: number;
  /** The most bytes that one cache had at a time. */
  readonly largestCache: number;
}

/**
 * A matrix on machines, as the lab goes about it: shards by their real rule, a target after the other, lanes that share the jobs of one, one
 * saved lab made at a time, and whoever wants what another is making waits for it.
 */
export async function simulate(
  recorded: Recorded,
  { kernels, images, jobs }: ScaleMatrix,
  plan: ScalePlan,
): Promise<ScaleResult> {
  const clock = new Clock();
  const names = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${kind}${String(index + 1).padStart(2, '0')}`);
  const targets = targetsOf(names('kernel', kernels), names('image', images));
  const shared = new CacheDisk(recorded);
  const caches = Array.from({ length: plan.machines }, () =>
    plan.cache === 'shared' ? shared : new CacheDisk(recorded),
  );
  const took: number[] = [];
  const machine = async (index: number): Promise<void> => {
    const cache = caches[index - 1] ?? shared;
    const has = (part: Part, key: string): Promise<void> => cache.has(part, key, { clock, machine: index });
    for (const share of sharesOf(targets, jobs, { index, of: plan.machines }))
      await runTarget(share.target, share.jobs, has, { clock, lanes: recorded.lanes });
    took.push(clock.now);
  };
  await clock.run(Promise.all(caches.map((_, index) => machine(index + 1))));
  const distinct = [...new Set(caches)];
  const total = (of: (cache: CacheDisk) => number): number =>
    distinct.reduce((sum, cache) => sum + of(cache), 0);
  const sorted = took.toSorted((one, other) => one - other);
  return {
    ...plan,
    cells: targets.length * jobs.length,
    longest: Math.round(sorted.at(-1) ?? 0),
    median: Math.round(sorted[sorted.length >> 1] ?? 0),
    machineSeconds: Math.round(took.reduce((sum, one) => sum + one, 0)),
    made: Object.fromEntries(parts.map((part) => [part, total(({ made }) => made[part])])) as Record<
      Part,
      number
    >,
    written: total(({ written }) => written),
    read: total(({ read }) => read),
    largestCache: Math.max(...distinct.map(({ largest }) => largest)),
  };
}

/** The parts of a target, then its jobs. */
async function runTarget(
  { kernel = '', image = '' }: Target,
  jobs: readonly ScaleJob[],
  has: (part: Part, key: string) => Promise<void>,
  { clock, lanes }: { readonly clock: Clock; readonly lanes: number },
): Promise<void> {
  const base = async (): Promise<void> => has('base', image);
  // Kernel, root and base are made side by side.
  await Promise.all([has('kernel', kernel), has('root', ''), base()]);
  await has('disk', image);
  const warm = `${kernel} ${image}`;
  await has('warm', warm);
  const making = pLimit(1);
  const labs = new Map<string, Promise<void>>();
  const labOf = (shape: string): Promise<void> => {
    const known = labs.get(shape) ?? making(() => has('lab', `${warm} ${shape}`));
    labs.set(shape, known);
    return known;
  };
  const waiting = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      await labOf(job.shape);
      await clock.until(clock.now + job.seconds);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
