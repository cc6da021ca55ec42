import type { Outcome } from '../../contracts/words/outcomes.js';
import { mkdir } from 'node:fs/promises';
import type { Engine } from '../../engine/port/port.js';
import type { Emit } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import { LabFactory, type LabSource } from '../lab/labFactory.js';
import { workLane, type LaneOptions } from './lane.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import { ProvenanceRecord } from '../lab/provenanceRecord.js';
import { JobQueue } from './queue.js';
import type { ScenarioResult } from '../model/scenarioResult.js';
import { refusedBefore } from '../stages/tryRules.js';
import { recordSchema } from '../recording/recordScenario.js';
import { RunLog } from './runLog.js';
import { runScenario } from '../stages/runScenario.js';

export interface RunScenariosOptions {
  readonly engine: Engine;
  /** The jobs to run, in this order; those with raw-socket load after all others. */
  readonly jobs: readonly Job[];
  /** The run's directory. */
  readonly out: string;
  readonly runId: string;
  /** An outcome to expect in place of the files', with any signal. */
  readonly expect: Outcome | undefined;
  /** How many labs may exist at the same time; undefined: as many as the engine has room for. */
  readonly lanes: number | undefined;
  /** Whether control runs are made anew where one was kept. */
  readonly freshControl: boolean;
  /** Whether packets are followed through the rules where connections were blocked. */
  readonly explain: boolean;
  /** Whether to start no further job after one that did not pass. */
  readonly stopAtFirst: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Where labs come from; left out: they are made when a job wants one. */
  readonly labs?: LabSource;
  /** Whether rules are loaded without having been tried out in a container of their own, which takes seconds; the first that is refused is told all the same. */
  readonly untried?: boolean;
  /** Called with the last job's lab before it is removed. */
  readonly hold?: (lab: PlannedLab) => Promise<void>;
}

/**
 * Runs jobs and records the run. Those with raw-socket load come last and one at a time, because they need the machine for themselves.
 * Resolves with the results in the order of the jobs; jobs that were never started have none.
 */
export async function runScenarios(options: RunScenariosOptions): Promise<readonly ScenarioResult[]> {
  const { engine, jobs, out, runId, expect, signal, hold, stopAtFirst, freshControl, explain } = options;
  await mkdir(out, { recursive: true });
  const room = options.lanes ?? engine.room;
  const lanes = Math.max(...passesOf(jobs, room).map((pass) => pass.lanes));
  const log = new RunLog({ runId, out, identity: engine.identity, lanes, jobs });
  const emit: Emit = (event) => {
    log.take(event);
    options.emit(event);
  };
  await log.write();
  await recordSchema(out);
  emit({ type: 'run-started', runId, directory: out, scenarios: jobs.map(({ name }) => name), lanes });
  const start = performance.now();
  const refused = options.untried === true ? new Map<Job, Error>() : await refusedBefore(options);
  const passes = passesOf(
    jobs.filter((job) => !refused.has(job)),
    room,
  );
  const results: ScenarioResult[] = [];
  const startNothingMore = (): void => {
    for (const { queue } of passes) queue.close();
  };
  const laneOptions: Omit<LaneOptions, 'queue'> = {
    labs: provenLabs(options.labs ?? new LabFactory(engine, runId), out),
    emit,
    signal,
    runOf: ({ scenario, name }) => ({
      runId,
      out,
      emit,
      signal,
      freshControl,
      explain,
      expect: expect === undefined ? scenario.expect : { outcome: expect, signal: undefined },
      hold: name === jobs.at(-1)?.name ? hold : undefined,
    }),
    finished: async (result) => {
      results.push(result);
      if (stopAtFirst && result.verdict?.result !== 'pass') startNothingMore();
      await log.write();
    },
  };
  for (const [job, error] of refused) {
    const none = (): Promise<never> => Promise.reject(error);
    const labs = { next: none };
    await laneOptions.finished(await runScenario(job, labs, laneOptions.runOf(job)));
  }
  for (const { queue, lanes: count } of passes) {
    const done = await Promise.allSettled(
      Array.from({ length: count }, () => workLane({ ...laneOptions, queue })),
    );
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }
  emit({ type: 'run-finished', runId, directory: out, seconds: (performance.now() - start) / 1000 });
  await log.write(new Date());
  const places = new Map(jobs.map(({ name }, index) => [name, index]));
  const placeOf = ({ job }: ScenarioResult): number => places.get(job) ?? jobs.length;
  return results.sort((one, other) => placeOf(one) - placeOf(other));
}

/** The same labs; what each is made of is recorded before a job has it. */
function provenLabs(labs: LabSource, out: string): LabSource {
  const provenance = new ProvenanceRecord(out);
  return {
    make: async (scenario) => {
      const made = await labs.make(scenario);
      await Promise.race([provenance.take(made.lab), made.lab.lost]);
      return made;
    },
  };
}

interface Pass {
  readonly queue: JobQueue;
  /** How many labs may exist at the same time. */
  readonly lanes: number;
}

/** Groups of jobs that run one after the other: first the jobs that can share the machine, then those that cannot, one at a time. */
function passesOf(jobs: readonly Job[], lanes: number): readonly Pass[] {
  const alone = jobs.filter(({ scenario }) => scenario.flows !== undefined);
  const together = jobs.filter((job) => !alone.includes(job));
  return [
    { queue: new JobQueue(together), lanes: Math.min(together.length, lanes) },
    { queue: new JobQueue(alone), lanes: Math.min(alone.length, 1) },
  ];
}
