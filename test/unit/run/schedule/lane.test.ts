import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabSource } from '../../../../src/run/lab/labFactory.js';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { workLane } from '../../../../src/run/schedule/lane.js';
import { JobQueue } from '../../../../src/run/schedule/queue.js';
import type { Labs, ScenarioRun } from '../../../../src/run/stages/runScenario.js';
import { abortable } from '../../../../src/support/wait.js';
import { passed } from '../../report/samples.js';
import { recordedScenario } from '../running.js';

/** What each job does with its labs. What it comes to is not what this is about: all pass. */
let useLabs: (labs: Labs, job: string) => Promise<unknown>;

vi.mock(import('../../../../src/run/stages/runScenario.js'), async (original) => ({
  ...(await original()),
  runScenario: async ({ scenario, name, repeat }, labs) => {
    await useLabs(labs, name).catch(() => undefined);
    return { scenario: scenario.id, job: name, repeat, directory: '/d', seconds: 1, verdict: passed };
  },
}));

const base = await recordedScenario();
const reason = new Error('told to stop');

let story: string[];
let events: LabEvent[];
let stop: AbortController;
beforeEach(() => {
  story = [];
  events = [];
  stop = new AbortController();
});

interface Making {
  /** What making the how-manieth lab waits for. */
  readonly make?: (lab: number) => Promise<void>;
  readonly remove?: (lab: number) => Promise<void>;
}

/** What becomes of the labs when one lane works on these jobs. */
async function laneStory(ids: readonly string[], { make, remove }: Making = {}): Promise<readonly string[]> {
  let count = 0;
  const labs = {
    make: async () => {
      const lab = (count += 1);
      story.push(`lab ${lab} begun`);
      await make?.(lab);
      story.push(`lab ${lab} made`);
      const made = {
        [Symbol.asyncDispose]: async () => {
          await remove?.(lab);
          story.push(`lab ${lab} removed`);
        },
      };
      return made;
    },
  } as unknown as LabSource;
  const scenarios = ids.map((id) => ({ ...base, id }));
  await workLane({
    queue: new JobQueue(jobsOf(scenarios, 1)),
    labs,
    emit: (event) => events.push(event),
    signal: stop.signal,
    runOf: () => ({}) as ScenarioRun,
    finished: ({ job }) => {
      story.push(`${job} over`);
      return Promise.resolve();
    },
  });
  return story;
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
/** As a stage does it: it ends with the signal, whatever becomes of the lab. */
const nextOrStop = (labs: Labs): Promise<unknown> => abortable(labs.next(), stop.signal);

describe('the labs of a job', () => {
  it('are its own, and removed before the next job has one', async () => {
    useLabs = (labs) => labs.next();
    expect(await laneStory(['a', 'b'])).toEqual([
      ...['lab 1 begun', 'lab 1 made', 'a over', 'lab 1 removed'],
      ...['lab 2 begun', 'lab 2 made', 'b over', 'lab 2 removed'],
    ]);
  });

  it('are there one at a time', async () => {
    useLabs = async (labs) => {
      await labs.next();
      await labs.next();
    };
    expect(await laneStory(['a'])).toEqual([
      ...['lab 1 begun', 'lab 1 made', 'lab 1 removed'],
      ...['lab 2 begun', 'lab 2 made', 'a over', 'lab 2 removed'],
    ]);
  });

  it('are none where it wants none', async () => {
    useLabs = () => Promise.resolve();
    expect(await laneStory(['a'])).toEqual(['a over']);
  });

  it('are removed also after a job that broke in one', async () => {
    useLabs = async (labs) => {
      await labs.next();
      throw new Error('the node is gone');
    };
    expect((await laneStory(['a'])).at(-1)).toBe('lab 1 removed');
  });

  it('are not missed where one could not be made, nor does that keep the next job from having one', async () => {
    useLabs = (labs) => labs.next();
    const make = (lab: number): Promise<void> =>
      lab === 1 ? Promise.reject(new Error('no room')) : Promise.resolve();
    expect(await laneStory(['a', 'b'], { make })).toEqual([
      ...['lab 1 begun', 'a over'],
      ...['lab 2 begun', 'lab 2 made', 'b over', 'lab 2 removed'],
    ]);
    expect(events).toEqual([]);
  });

  it('that cannot be removed are told of, and the lane goes on', async () => {
    useLabs = (labs) => labs.next();
    const remove = (lab: number): Promise<void> =>
      lab === 1 ? Promise.reject(new Error('active endpoints')) : Promise.resolve();
    expect((await laneStory(['a', 'b'], { remove })).at(-1)).toBe('lab 2 removed');
    expect(events).toEqual([
      { type: 'cleanup-problem', what: 'the lab of a', error: new Error('active endpoints') },
    ]);
  });
});

describe('a lane that is told to stop', () => {
  it('removes the lab of the job that it is at, and takes no other', async () => {
    useLabs = async (labs) => {
      await labs.next();
      stop.abort(reason);
    };
    expect(await laneStory(['a', 'b'])).toEqual(['lab 1 begun', 'lab 1 made', 'a over', 'lab 1 removed']);
  });

  it('waits for a lab that is half made, and removes it', async () => {
    useLabs = nextOrStop;
    const make = async (): Promise<void> => {
      stop.abort(reason);
      await moment();
    };
    expect(await laneStory(['a', 'b'], { make })).toEqual([
      ...['lab 1 begun', 'a over', 'lab 1 made', 'lab 1 removed'],
    ]);
  });

  it('begins no lab where it is still removing the one before', async () => {
    useLabs = async (labs) => {
      await labs.next();
      await nextOrStop(labs);
    };
    const remove = async (): Promise<void> => {
      stop.abort(reason);
      await moment();
    };
    expect(await laneStory(['a'], { remove })).toEqual([
      ...['lab 1 begun', 'lab 1 made', 'a over', 'lab 1 removed'],
    ]);
    await moment();
    expect(story.at(-1)).toBe('lab 1 removed');
  });

  it('does nothing when that was before it began', async () => {
    useLabs = (labs) => labs.next();
    stop.abort(reason);
    expect(await laneStory(['a'])).toEqual([]);
  });
});
