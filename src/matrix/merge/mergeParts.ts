import { RecordedError, type RecordedResults } from '../../report/document/parseResults.js';
import { cellText } from '../../report/results/cellText.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { UsageError } from '../../support/errors.js';
import type { MatrixRecord } from '../targets/matrixRecord.js';
import { combineShards } from './combineShards.js';

/** A directory that is to be merged, and what it records. */
export interface MergedPart {
  /** The absolute path. */
  readonly directory: string;
  readonly recorded: RecordedResults;
  /** The record of a matrix or shard; undefined: a plain run on one kernel and image. */
  readonly matrix: MatrixRecord | undefined;
}

/** Several parts, as if one run had made them. */
export interface Merged {
  /** The results part by part. Those of all shards come together, in the order asked for, where the first shard stands. */
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** The error that ended a part early; if there are several, the first. */
  readonly error: Error | undefined;
  readonly mutated: boolean;
  /** The seed of all parts; undefined: they were not all shuffled with the same one. */
  readonly seed: string | undefined;
  /** What all shards together were asked for; undefined: no part is a shard. */
  readonly matrix: MatrixRecord | undefined;
}

/**
 * Merges parts. Throws UsageError when they do not belong together: they are of different versions of this program, have different files of
 * one scenario, have a job twice, are incomplete or different runs' shards, or mix mutations with scenarios as they are.
 */
export function mergeParts(parts: readonly MergedPart[]): Merged {
  refuseDifferent(parts, 'version of lvs-lab', ({ recorded }) => recorded.document.tool.version);
  refuseDifferent(parts, 'use of --mutate', ({ recorded }) =>
    recorded.document.mutated ? 'with' : 'without',
  );
  refuseOtherFiles(parts);
  const shards = parts.filter(({ matrix }) => matrix?.shard !== undefined);
  const whole = combineShards(
    shards.flatMap(({ directory, matrix }) =>
      matrix?.shard === undefined ? [] : [{ directory, matrix, shard: matrix.shard }],
    ),
  );
  refuseTwice(parts);
  const [firstShard] = shards;
  const results = parts.flatMap((part) => {
    if (!shards.includes(part) || whole === undefined) return part.recorded.results;
    return part === firstShard ? inOrder(shards.flatMap(resultsOf), whole) : [];
  });
  const early = parts.find(({ recorded }) => recorded.document.error !== undefined)?.recorded.document;
  const seeds = new Set(parts.map(({ recorded }) => recorded.document.seed));
  return {
    results,
    engines: parts.flatMap(({ recorded }) => recorded.engines),
    error: early && new RecordedError(early.error, early.exitCode),
    mutated: parts.some(({ recorded }) => recorded.document.mutated),
    seed: seeds.size === 1 ? [...seeds][0] : undefined,
    matrix: whole,
  };
}

function resultsOf({ recorded }: MergedPart): readonly ScenarioResult[] {
  return recorded.results;
}

/** Sorts results by target and then by job, in the order that was asked for. */
function inOrder(
  results: readonly ScenarioResult[],
  { targets, jobs }: MatrixRecord,
): readonly ScenarioResult[] {
  const targetOf = ({ cell }: ScenarioResult): number =>
    targets.findIndex(({ kernel, image }) => kernel === cell?.kernel && image === cell?.image);
  const places = new Map(jobs.map(({ job }, index) => [job, index]));
  const place = (result: ScenarioResult): number =>
    targetOf(result) * jobs.length + (places.get(result.job) ?? 0);
  return results.toSorted((one, other) => place(one) - place(other));
}

function refuseDifferent(parts: readonly MergedPart[], what: string, of: (part: MergedPart) => string): void {
  const [first] = parts;
  const other = parts.find((part) => first !== undefined && of(part) !== of(first));
  if (first === undefined || other === undefined) return;
  throw new UsageError(
    `expected results of one ${what}, found ${of(first)} in ${first.directory} and ${of(other)} in ${other.directory}`,
    { hint: 'merge only what was run alike, or look at two of them side by side: `lvs-lab compare A B`' },
  );
}

/** Refuses parts with different files of one scenario, because its results would mean different things under one name. */
function refuseOtherFiles(parts: readonly MergedPart[]): void {
  const seen = new Map<string, { readonly hash: string; readonly directory: string }>();
  for (const { recorded, directory } of parts) {
    for (const { scenario, hash } of recorded.results) {
      if (hash === undefined) continue;
      const before = seen.get(scenario) ?? { hash, directory };
      seen.set(scenario, before);
      if (before.hash === hash) continue;
      throw new UsageError(
        `expected one file of the scenario ${scenario}, found that ${before.directory} ran another one (SHA-256 ${before.hash.slice(0, 12)}) than ${directory} (${hash.slice(0, 12)})`,
        { hint: 'run it again where the file is old, or see what changed: `lvs-lab compare A B`' },
      );
    }
  }
}

function refuseTwice(parts: readonly MergedPart[]): void {
  const seen = new Map<string, string>();
  for (const { recorded, directory } of parts) {
    for (const { job, cell } of recorded.results) {
      const where = cellText({ kernel: cell?.kernel, image: cell?.image, iptables: undefined });
      const key = where === '' ? job : `${job} (${where})`;
      const before = seen.get(key);
      if (before !== undefined) {
        throw new UsageError(`expected each job once, found ${key} in ${before} and in ${directory}`, {
          hint: 'leave one of the two out; two runs of the same are for `lvs-lab compare A B`',
        });
      }
      seen.set(key, directory);
    }
  }
}
