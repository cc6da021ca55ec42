import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import type { Target } from './target.js';

/** One of several parts of a run that run in different places. */
export const shardSchema = z.object({
  /** The number of the part, from 1 to `of`. */
  index: z.number(),
  of: z.number(),
});
export type Shard = Immutable<z.infer<typeof shardSchema>>;

/** A run that is not divided. */
export const wholeShard: Shard = { index: 1, of: 1 };

/** The jobs that run on one target. */
export interface Share<J> {
  readonly target: Target;
  readonly jobs: readonly J[];
}

/** The most parts that a run is divided into. */
export const mostShards = 999_999;

/** Reads a shard such as `2/3`; undefined for any other text, and for more parts than there may be. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return shard.index >= 1 && shard.index <= shard.of && shard.of <= mostShards ? shard : undefined;
}

export function shardText({ index, of }: Shard): string {
  return `${String(index)}/${String(of)}`;
}

/**
 * A shard's part of the jobs of all targets; targets of which it has none are left out. All pairs of a target and a job are sorted by name and
 * cut into as many pieces of equal length as there are shards. So a shard has few targets, and does not boot what only other shards need. The
 * order of the given targets and jobs decides nothing, and is kept in the result.
 */
export function sharesOf<J extends { readonly name: string }>(
  targets: readonly Target[],
  jobs: readonly J[],
  { index, of }: Shard,
): readonly Share<J>[] {
  const all = namesOf(targets).flatMap((target) => namesOf(jobs).map((job) => keyOf(target, job)));
  const cut = (after: number): number => Math.floor((after * all.length) / of);
  const mine = new Set(all.slice(cut(index - 1), cut(index)));
  return targets
    .map((target) => ({ target, jobs: jobs.filter(({ name }) => mine.has(keyOf(target.name, name))) }))
    .filter((share) => share.jobs.length > 0);
}

/** Sorted by code units: a locale would sort differently elsewhere. */
function namesOf(things: readonly { readonly name: string }[]): readonly string[] {
  return things.map(({ name }) => name).sort();
}

const keyOf = (target: string, job: string): string => JSON.stringify([target, job]);
