import { UsageError } from '../../support/errors.js';
import type { MatrixRecord } from '../targets/matrixRecord.js';
import { shardText, type Shard } from '../targets/shard.js';

/** A shard's directory and record. */
export interface ShardPart {
  readonly directory: string;
  readonly shard: Shard;
  readonly matrix: MatrixRecord;
}

/**
 * What all shards together were asked for; undefined: there are no shards. Throws UsageError unless they are the shards of one run, each of
 * them once.
 */
export function combineShards(parts: readonly ShardPart[]): MatrixRecord | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  for (const other of parts) refuseOtherRun(first, other);
  refuseIncomplete(parts, first.shard.of);
  const { shard: _shard, ...whole } = first.matrix;
  return whole;
}

function refuseOtherRun(first: ShardPart, other: ShardPart): void {
  const different = differenceOf(first, other);
  if (different === undefined) return;
  throw new UsageError(
    `expected shards of one run, found that ${first.directory} and ${other.directory} were asked for different ${different}`,
    {
      hint: 'start all shards with the same command line, but for --shard, and with the same scenario files',
    },
  );
}

/** What two shards were asked for differently, so that they belong to different runs; undefined: nothing. The order is not compared. */
function differenceOf(first: ShardPart, other: ShardPart): string | undefined {
  if (first.shard.of !== other.shard.of)
    return `numbers of shards, ${shardText(first.shard)} and ${shardText(other.shard)}`;
  const [one, two] = [first.matrix, other.matrix];
  if (keys(one.targets) !== keys(two.targets)) return 'kernels or images';
  if (keys(one.jobs) !== keys(two.jobs)) return `scenarios: ${unlike(one, two)}`;
  if (JSON.stringify(one.options) !== JSON.stringify(two.options)) {
    return `options: ${JSON.stringify(one.options)} and ${JSON.stringify(two.options)}`;
  }
  return undefined;
}

/** The jobs that only one of two shards has, or has with another file. */
function unlike(one: MatrixRecord, other: MatrixRecord): string {
  const [some, others] = [one, other].map(({ jobs }) => new Set(jobs.map((job) => JSON.stringify(job)))) as [
    Set<string>,
    Set<string>,
  ];
  const jobs = [...one.jobs, ...other.jobs].filter((job) => {
    const text = JSON.stringify(job);
    return some.has(text) !== others.has(text);
  });
  return [...new Set(jobs.map(({ job }) => job))].slice(0, 5).join(', ');
}

function refuseIncomplete(parts: readonly ShardPart[], of: number): void {
  for (const [index, part] of parts.entries()) {
    const twin = parts.slice(0, index).find(({ shard }) => shard.index === part.shard.index);
    if (twin === undefined) continue;
    throw new UsageError(
      `expected each shard once, found ${shardText(part.shard)} in ${twin.directory} and in ${part.directory}`,
      { hint: 'leave one of the two out' },
    );
  }
  if (parts.length === of) return;
  const found = new Set(parts.map(({ shard }) => shard.index));
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !found.has(index));
  const shown = missing.slice(0, 10).map((index) => shardText({ index, of }));
  throw new UsageError(
    `expected all ${String(of)} shards, found ${String(parts.length)} of them; missing: ${shown.join(', ')}${missing.length > shown.length ? ' ...' : ''}`,
    { hint: 'name their directories too, those of shards that had nothing to run included' },
  );
}

function keys(things: readonly object[]): string {
  return JSON.stringify(things.map((thing) => JSON.stringify(thing)).sort());
}
