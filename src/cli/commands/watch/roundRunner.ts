import path from 'node:path';
import { cellOf } from '../../../matrix/targets/target.js';
import type { EarlierResult } from '../../../report/watch/roundText.js';
import { resultDocument } from '../../../report/document/resultDocument.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import { jobsOf, type Job } from '../../../run/model/jobs.js';
import type { Emit } from '../../../run/model/labEvents.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { isRefusal } from '../../../run/nodes/rulesError.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import type { Engine } from '../../../engine/port/port.js';
import type { Context } from '../../frame/context.js';
import type { Services } from '../../frame/services.js';
import { pageIn, writePage } from '../../results/reports/pages.js';
import { readProvenance } from '../../results/readProvenance.js';
import { writeResults } from '../../results/resultsFile.js';
import type { Round } from './requests.js';
import type { WatchOptions } from './watchOptions.js';

/** What a round came to. */
export interface RoundResult {
  readonly round: number;
  readonly directory: string;
  readonly results: readonly ScenarioResult[];
  /** For each job of it that has had a verdict before, the last one. */
  readonly before: ReadonlyMap<string, EarlierResult>;
}

interface RoundParts {
  readonly engine: Engine;
  readonly labs: Awaited<ReturnType<Services['readyLabs']>>;
  readonly runId: string;
  /** The directory of all rounds. */
  readonly directory: string;
  readonly emit: Emit;
  readonly options: WatchOptions;
  readonly context: Context;
}

/** Runs rounds, each into a run directory of its own, and remembers what each job came to last. */
export class RoundRunner {
  #ended = 0;
  /** For each job's name, its last result. */
  readonly #last = new Map<string, ScenarioResult>();
  /** For each job's name, its last result with a verdict. */
  readonly #judged = new Map<string, EarlierResult>();

  constructor(private readonly parts: RoundParts) {}

  /** The number of the round that is next, or running. */
  get next(): number {
    return this.#ended + 1;
  }

  /** The jobs of a round. What broke the lab is run again with whatever changes. */
  jobsFor({ which }: Round, scenarios: readonly Scenario[]): readonly Job[] {
    return jobsOf(scenarios, 1).filter(({ name, scenario }) => {
      const last = this.#last.get(name);
      if (which === 'all' || last?.hash !== scenario.hash || isBroken(last)) return true;
      return which === 'unhealthy' && last.verdict?.measured?.outcome !== 'healthy';
    });
  }

  async run(jobs: readonly Job[], { explain }: Round, signal: AbortSignal): Promise<RoundResult> {
    const { engine, labs, runId, emit, context } = this.parts;
    const round = this.next;
    const directory = path.join(this.parts.directory, String(round));
    const results =
      jobs.length === 0
        ? []
        : await context.services.runScenarios({
            ...{ engine, jobs, runId, emit, signal, labs, explain },
            out: directory,
            ...{ expect: undefined, lanes: undefined },
            ...{ freshControl: false, stopAtFirst: false, untried: true },
          });
    const before = new Map(results.flatMap(({ job }) => this.#judgedBefore(job)));
    return { round, directory, results: results.map((result) => this.#withCell(result)), before };
  }

  /** Takes a round for the last one, makes a lab ready for the next, and leaves results and page beside the evidence. */
  async record({ round, directory, results }: RoundResult, scenarios: readonly Scenario[]): Promise<void> {
    const { engine, labs, runId, context, options } = this.parts;
    const [first] = results;
    this.#ended = round;
    if (first === undefined) return;
    for (const result of results) {
      this.#last.set(result.job, result);
      if (result.verdict !== undefined) this.#judged.set(result.job, { round, result });
    }
    const next = scenarios.find(({ id }) => id === first.scenario);
    if (next !== undefined) labs.prepare(next);
    const { kernel, image } = targetOf(options);
    const provenance = await readProvenance(directory);
    const report = {
      ...{ runId, directory, results },
      version: context.services.version,
      engines: [{ kernel, image, identity: engine.identity, provenance }],
      exitCode: exitCodeOf(results),
    };
    await writeResults(directory, resultDocument(report));
    await writePage(report, pageIn(directory));
  }

  #judgedBefore(job: string): readonly (readonly [string, EarlierResult])[] {
    const before = this.#judged.get(job);
    return before === undefined ? [] : [[job, before]];
  }

  #withCell(result: ScenarioResult): ScenarioResult {
    const cell = cellOf(targetOf(this.parts.options), { iptables: undefined });
    return Object.values(cell).every((asked) => asked === undefined) ? result : { ...result, cell };
  }
}

function targetOf({ kernel, image }: WatchOptions) {
  return { kernel, image: image === 'auto' ? undefined : image };
}

/** Whether a result says nothing of the scenario, the lab having broken. */
function isBroken({ verdict, error }: ScenarioResult): boolean {
  return verdict === undefined && !isRefusal(error);
}
