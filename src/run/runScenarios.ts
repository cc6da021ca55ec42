import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine, Lab } from '../engine/port.js';
import type { Outcome } from '../scenario/expectation.js';
import type { Scenario } from '../scenario/types.js';
import { toolVersion } from '../support/version.js';
import type { Emit, LabEvent } from './events.js';
import type { ScenarioResult } from './result.js';
import { runScenario } from './runScenario.js';

export interface RunOptions {
  readonly engine: Engine;
  readonly scenarios: readonly Scenario[];
  /** The run's directory. */
  readonly out: string;
  readonly runId: string;
  /** Overrides what the files expect, any signal allowed. */
  readonly expect: Outcome | undefined;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called with the last scenario's lab before it is removed. */
  readonly hold?: (lab: Lab) => Promise<void>;
}

/** Runs scenarios one after the other and records the run; an interrupted run ends after the scenario it hit. */
export async function runScenarios(options: RunOptions): Promise<readonly ScenarioResult[]> {
  const { engine, scenarios, out, runId, expect, signal, hold } = options;
  await mkdir(out, { recursive: true });
  const log = new RunLog(options);
  const emit: Emit = (event) => {
    log.take(event);
    options.emit(event);
  };
  await log.write();
  emit({ type: 'run-started', runId, directory: out, scenarios: scenarios.map(({ id }) => id) });
  const start = performance.now();
  const results: ScenarioResult[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (signal.aborted) break;
    results.push(
      await runScenario(scenario, {
        engine,
        runId,
        out,
        emit,
        signal,
        expect: expect === undefined ? scenario.expect : { outcome: expect, signal: undefined },
        hold: index === scenarios.length - 1 ? hold : undefined,
      }),
    );
    await log.write();
  }
  emit({ type: 'run-finished', runId, directory: out, seconds: (performance.now() - start) / 1000 });
  await log.write(new Date());
  return results;
}

/** What becomes run.json. */
class RunLog {
  readonly #startedAt = new Date();
  readonly #stages: { scenario: string; stage: string; seconds: number }[] = [];

  constructor(private readonly options: RunOptions) {}

  take(event: LabEvent): void {
    if (event.type !== 'stage-finished') return;
    const { scenario, stage, seconds } = event;
    this.#stages.push({ scenario, stage, seconds });
  }

  async write(finishedAt?: Date): Promise<void> {
    const { runId, out, engine, scenarios } = this.options;
    const run = {
      runId,
      tool: toolVersion(),
      engine: engine.identity,
      startedAt: this.#startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString(),
      scenarios: scenarios.map(({ id, hash }) => ({ id, hash })),
      stages: this.#stages,
    };
    await writeFile(path.join(out, 'run.json'), `${JSON.stringify(run, undefined, 2)}\n`);
  }
}
