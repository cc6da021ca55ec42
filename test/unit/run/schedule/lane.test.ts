import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../../src/engine/port/port.js';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import type { LabFactory } from '../../../../src/run/lab/labFactory.js';
import { Lane, type LaneOptions } from '../../../../src/run/schedule/lane.js';
import { JobQueue } from '../../../../src/run/schedule/queue.js';
import type { ScenarioRun } from '../../../../src/run/stages/runScenario.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { passed } from '../../report/samples.js';
import { recordedScenario } from '../running.js';

// What a scenario comes to is not what this is about: all pass, on the lab they are given.
vi.mock(import('../../../../src/run/stages/runScenario.js'), async (original) => ({
  ...(await original()),
  runScenario: async ({ scenario, name, repeat }, labs) => {
    await labs.first();
    return { scenario: scenario.id, job: name, repeat, directory: '/d', seconds: 1, verdict: passed };
  },
}));

const base = await recordedScenario();

/** What becomes of the labs when one lane runs the scenario twice. */
async function twice(scenario: Scenario): Promise<string[]> {
  const labs: string[] = [];
  const maker = {
    make: () => {
      labs.push('made');
      const lab = {
        controls: new Map(),
        reset: () => {
          labs.push('put back');
          return Promise.resolve(undefined);
        },
        [Symbol.asyncDispose]: () => {
          labs.push('removed');
          return Promise.resolve();
        },
      };
      return { name: 'lab', made: Promise.resolve(lab) };
    },
  } as unknown as LabFactory;
  const options: LaneOptions = {
    engine: { lost: new Promise<never>(() => undefined) } as Engine,
    queue: new JobQueue(jobsOf([scenario], 2)),
    maker,
    isolate: false,
    leaveLab: { whenDone: false, whenStopped: false },
    emit: () => undefined,
    signal: new AbortController().signal,
    runOf: () => ({}) as ScenarioRun,
    finished: () => Promise.resolve(),
  };
  await new Lane(options).work();
  return labs;
}

describe('the lab of a lane', () => {
  it('is put back for the next scenario of its shape, and removed when there is none', async () => {
    expect(await twice(base)).toEqual(['made', 'put back', 'removed']);
  });

  const replaced = ['made', 'removed', 'made', 'removed'];

  it('gives way to a fresh one after IPv6, for its interfaces could not be removed later', async () => {
    expect(await twice({ ...base, topology: { ...base.topology, family: 'ipv6' } })).toEqual(replaced);
  });

  it('gives way to a fresh one after a raw-socket load', async () => {
    expect(await twice({ ...base, flows: { count: 10 } as Flows })).toEqual(replaced);
  });
});
