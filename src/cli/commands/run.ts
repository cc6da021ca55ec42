import type { Command } from 'commander';
import type { EngineIdentity } from '../../engine/port.js';
import { exitCodeOf } from '../../report/result.js';
import type { ScenarioResult } from '../../run/result.js';
import { findScenarios, listScenarios } from '../../scenario/library.js';
import type { Scenario } from '../../scenario/types.js';
import { type ExitCode, UsageError } from '../../support/errors.js';
import type { Context } from '../context.js';
import { withTimeLimit } from '../deadline.js';
import { exitCodeFor } from '../exitCodes.js';
import {
  deadlineOption,
  engineOptions,
  engineRequest,
  expectOption,
  jsonOption,
  progressOption,
  type EngineOptions,
  type ExpectOption,
  type ProgressOption,
} from '../options.js';
import { reporterFor } from '../progress.js';
import { printResults } from '../results.js';
import { makeRunDirectory, makeRunId } from '../runDirectory.js';
import { withEngine } from '../withEngine.js';
import { keepUntilInterrupted } from '../hold/keep.js';
import type { End } from './end.js';

interface RunOptions extends EngineOptions, ProgressOption, ExpectOption {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly out?: string;
  /** Seconds. */
  readonly deadline?: number;
}

/** How far a run came: `error` is what ended it early. */
interface RunEnd {
  readonly engine?: EngineIdentity;
  readonly results: readonly ScenarioResult[];
  readonly error?: unknown;
}

/** `run [SCENARIO...]`: the lab's main job. */
export function addRun(program: Command, context: Context, end: End): void {
  const command = program
    .command('run')
    .description('run scenarios on a real kernel and judge what happened to the connections')
    .argument('[scenario...]', 'ids from `lvs-lab list` or paths of .yaml files; none: all of them')
    .option('--keep', 'keep the lab of one scenario until Ctrl-C, for looking around')
    .option('--out <dir>', 'where the evidence goes (default: runs/DATE-TIME-ID)')
    .addOption(expectOption())
    .addOption(deadlineOption())
    .addOption(jsonOption())
    .addOption(progressOption());
  for (const option of engineOptions()) command.addOption(option);
  command.action(async (names: string[], options: RunOptions) => {
    end(await run(names, options, context));
  });
}

async function run(names: readonly string[], options: RunOptions, context: Context): Promise<ExitCode> {
  const scenarios = await chooseScenarios(names, options);
  const runId = makeRunId();
  const directory = await makeRunDirectory({ cwd: context.io.cwd, runId, out: options.out });
  const ended = await runOnEngine({ scenarios, runId, directory }, options, context);
  const exitCode = 'error' in ended ? exitCodeFor(ended.error) : exitCodeOf(ended.results);
  printResults(context, { ...ended, json: options.json, runId, exitCode });
  return exitCode;
}

async function chooseScenarios(names: readonly string[], { keep }: RunOptions): Promise<readonly Scenario[]> {
  const scenarios = names.length === 0 ? await listScenarios() : await findScenarios(names);
  if (keep && scenarios.length !== 1) {
    throw new UsageError(
      `expected one scenario with --keep, found ${scenarios.length}: a lab is kept until Ctrl-C`,
      {
        hint: 'name the one to look at: `lvs-lab run --keep SCENARIO`',
      },
    );
  }
  return scenarios;
}

async function runOnEngine(
  what: { readonly scenarios: readonly Scenario[]; readonly runId: string; readonly directory: string },
  options: RunOptions,
  { io, services }: Context,
): Promise<RunEnd> {
  const { runId, directory, scenarios } = what;
  if (scenarios.length === 0) return { results: [] };
  const reporter = reporterFor(options.progress, io);
  const limit = withTimeLimit(io.signal, options.deadline);
  const common = { runId, emit: reporter.emit, signal: limit.signal };
  let engineIdentity: EngineIdentity | undefined;
  let results: readonly ScenarioResult[] = [];
  try {
    await withEngine(
      services,
      { ...engineRequest(options), ...common, runDirectory: directory },
      async (engine) => {
        engineIdentity = engine.identity;
        const hold = options.keep ? { hold: keepUntilInterrupted(services, engine, common) } : {};
        results = await services.runScenarios({
          engine,
          scenarios,
          out: directory,
          expect: options.expect,
          ...common,
          ...hold,
        });
      },
    );
    // A run that was told to stop may have results; it was told to stop all the same.
    limit.signal.throwIfAborted();
    return { results, ...(engineIdentity && { engine: engineIdentity }) };
  } catch (error) {
    return { results, error, ...(engineIdentity && { engine: engineIdentity }) };
  } finally {
    limit.stop();
    reporter.close();
  }
}
