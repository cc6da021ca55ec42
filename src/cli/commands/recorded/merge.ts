import { Option, type Command } from '@commander-js/extra-typings';
import { relative, resolve, sep } from 'node:path';
import { copyParts, namedParts, type CopiedPart } from '../../../matrix/merge/copyParts.js';
import { mergeParts, type Merged, type MergedPart } from '../../../matrix/merge/mergeParts.js';
import { readAsked } from '../../../matrix/targets/askedRecord.js';
import { matrixFile, readMatrixRecord, writeMatrixRecord } from '../../../matrix/targets/matrixRecord.js';
import { shardText } from '../../../matrix/targets/shard.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { UsageError, type ExitCode } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { exitCodeFor } from '../../frame/exitCodes.js';
import { withOptions, type ParsedOptions } from '../../options/declared.js';
import { jsonOption, verboseOption } from '../../options/options.js';
import { reportOptions } from '../../options/reportOptions.js';
import { unnamed } from '../../results/reports/reportPlaces.js';
import { reportResults } from '../../results/results.js';
import { readResults } from '../../results/resultsFile.js';
import {
  defaultPlace,
  makeRunDirectory,
  makeRunId,
  refuseUsedDirectory,
  runFiles,
} from '../../results/runDirectory.js';
import { withEvidence } from '../../results/withEvidence.js';
import { refuseReports, refuseTakenReports } from '../../results/reports/writeReports.js';

function mergeOptions() {
  return [
    new Option('--out <dir>', 'where they are put together (default: runs/DATE-TIME-ID)'),
    jsonOption(),
    verboseOption(),
    ...reportOptions(),
  ] as const;
}

type MergeOptions = ParsedOptions<ReturnType<typeof mergeOptions>>;

/** `merge DIR...`: several runs' directories as if they had been one run. */
export function addMerge(program: Command, context: Context, ending: CommandAction): void {
  const command = program
    .command('merge')
    .description(
      'put the directories of shards, or of several runs, together; copies them, and ends as one run would have',
    )
    .argument('<dir...>', 'directories that `lvs-lab run --out` made, all shards of a run among them');
  withOptions(command, mergeOptions()).action(
    ending((directories, options) => merge(directories, options, context)),
  );
}

async function merge(names: readonly string[], options: MergeOptions, context: Context): Promise<ExitCode> {
  await refuseReports(context, options);
  const { cwd, signal } = context.io;
  const directories = names.map((name) => resolve(cwd, name));
  const place = resolve(cwd, options.out ?? defaultPlace);
  refuseNested(directories, options.out === undefined ? undefined : place);
  if (options.out !== undefined) await refuseUsedDirectory(place);
  const folders = namedParts(directories).map(({ name }) => name);
  const named = { directory: place, files: runFiles, folders, inputs: directories };
  await refuseTakenReports(context, options, options.out === undefined ? unnamed(named) : named);
  const parts: MergedPart[] = [];
  for (const directory of directories) {
    const [recorded, matrix] = await Promise.all([readResults(directory), readMatrixRecord(directory)]);
    if (matrix === undefined) await refuseUnknownShard(directory);
    const results: ScenarioResult[] = [];
    for (const result of recorded.results) {
      signal.throwIfAborted();
      results.push(await withEvidence(result));
    }
    parts.push({ directory, recorded: { ...recorded, results }, matrix });
  }
  const merged = mergeParts(parts);
  const directory = await makeRunDirectory({ cwd, runId: makeRunId(), out: options.out });
  const copies = await copyParts(directories, directory, signal);
  const { json, verbose } = options;
  const { engines, mutated, seed, error, matrix } = merged;
  if (matrix !== undefined) await writeMatrixRecord(directory, matrix);
  const exitCode = error === undefined ? exitCodeOf(merged.results) : exitCodeFor(error);
  const results = moved(merged, copies);
  const ended = { results, engines, directory, mutated, seed, exitCode, json, verbose };
  await reportResults(context, { ...ended, ...(error === undefined ? {} : { error }) }, options);
  return exitCode;
}

/** Refuses the directory of a shard without the record of what all shards were asked for: nobody could tell whether they are all there. */
async function refuseUnknownShard(directory: string): Promise<void> {
  const shard = (await readAsked(directory))?.shard;
  if (shard === undefined) return;
  throw new UsageError(
    `expected a ${matrixFile} in ${directory}, as it is the shard ${shardText(shard)}; found none`,
    { hint: 'get the whole directory of the shard from where it was made' },
  );
}

function refuseNested(directories: readonly string[], out: string | undefined): void {
  const twice = directories.find((directory, index) => directories.indexOf(directory) !== index);
  if (twice !== undefined) throw new UsageError(`expected each directory once, found ${twice} twice`);
  const around = directories.find((directory) => out !== undefined && isBelow(out, directory));
  if (around === undefined) return;
  throw new UsageError(`expected --out to be outside of what is merged, found it in ${around}`, {
    hint: 'name a new folder somewhere else',
  });
}

/** Results with the paths that their evidence has now. */
function moved({ results }: Merged, copies: readonly CopiedPart[]): readonly ScenarioResult[] {
  return results.map((result) => {
    const part = copies.find(({ directory }) => isBelow(result.directory, directory));
    if (part === undefined) return result;
    return { ...result, directory: resolve(part.copy, relative(part.directory, result.directory)) };
  });
}

/** Whether a path is the directory itself or something in it. */
function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
