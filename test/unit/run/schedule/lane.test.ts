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

/** The scenario whose first lab cannot be cleared. */
const unclean = 'close/unclean';

// What a scenario comes to is not what this is about: all pass, on the lab they are given.
vi.mock(import('../../../../src/run/stages/runScenario.js'), async (original) => ({
  ...(await original()),
  runScenario: async ({ scenario, name, repeat }, labs) => {
    await labs.first();
    if (scenario.id === unclean) await labs.fresh('it still knew a neighbour');
    return { scenario: scenario.id, job: name, repeat, directory: '/d', seconds: 1, verdict: passed };
  },
}));

const base = await recordedScenario();

/** What becomes of the labs when one lane runs the scenarios, one after the other. */
async function labsOf(
  scenarios: readonly Scenario[],
  leaveLab: LaneOptions['leaveLab'] = { whenDone: false, whenStopped: false },
): Promise<string[]> {
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
    queue: new JobQueue(jobsOf(scenarios, 1)),
    maker,
    isolate: false,
    leaveLab,
    emit: () => undefined,
    signal: new AbortController().signal,
    runOf: () => ({}) as ScenarioRun,
    finished: () => Promise.resolve(),
  };
  await new Lane(options).work();
  return labs;
}

const twice = (scenario: Scenario): Promise<string[]> =>
  labsOf([scenario, { ...scenario, id: 'close/again' }]);

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

  it('may stay at the end, but not where it gives way to a fresh one, which may want its network', async () => {
    const replaced = { ...base, id: unclean };
    const mayStay = { whenDone: true, whenStopped: true };
    expect(await labsOf([base], mayStay)).toEqual(['made']);
    expect(await labsOf([replaced], mayStay)).toEqual(['made', 'removed', 'made']);
    expect(await labsOf([replaced])).toEqual(['made', 'removed', 'made', 'removed']);
  });
});
