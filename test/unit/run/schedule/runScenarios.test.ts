import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runRecordSchema, type RunRecord } from '../../../../src/run/model/runRecord.js';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import { scenarioJsonSchemaText } from '../../../../src/scenario/file/jsonSchema.js';
import type { RunScenariosOptions } from '../../../../src/run/schedule/runScenarios.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { LabError } from '../../../../src/support/errors.js';
import { parseJson } from '../../../../src/support/parseJson.js';
import { toolVersion } from '../../../../src/support/version.js';
import { fakeEngine, ok, recordedRunId, type Script } from '../fakeEngine.js';
import { recordedScenario, runAll, runDirectory } from '../running.js';

const recordOf = (out: string): RunRecord =>
  parseJson(runRecordSchema, readFileSync(path.join(out, 'run.json'), 'utf8'));

/** Breaks before any packet: quick, where a test is about what comes around it. */
const broken: Script = {
  exec: ({ what }) => (what === 'setup' ? Promise.resolve({ ...ok, exitCode: 1 }) : undefined),
};

const twoOf = (scenario: Scenario): readonly Scenario[] => [scenario, { ...scenario, id: 'close/again' }];

describe('runScenarios', () => {
  it('has the schema of scenarios where the copy of one says that it is', async () => {
    const { out } = await runAll({});
    const copy = path.join(out, 'close-server-first', 'scenario.yaml');
    const [, named = 'none'] = /\$schema=(\S+)/.exec(readFileSync(copy, 'utf8')) ?? [];
    expect(readFileSync(path.resolve(copy, '..', named), 'utf8')).toBe(scenarioJsonSchemaText());
  });

  it('records who ran what on which engine, and how long each stage took', async () => {
    const { results, events, out } = await runAll({});
    const record = recordOf(out);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass']);
    expect(record).toMatchObject({
      runId: recordedRunId,
      tool: toolVersion(),
      engine: { kind: 'vm', id: 'recorded', kernel: '6.1.0-56-amd64' },
      scenarios: [
        {
          job: 'close/server-first',
          id: 'close/server-first',
          hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      ],
    });
    expect(record.stages.map(({ stage }) => stage)).toEqual([
      'topology',
      'configure',
      'ready',
      'control',
      'fresh',
      'configure',
      'rules',
      'measured',
      'judge',
    ]);
    expect(Date.parse(record.finishedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(events[0]).toEqual({
      type: 'run-started',
      runId: recordedRunId,
      directory: out,
      scenarios: ['close/server-first'],
      lanes: 1,
    });
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', directory: out });
  });

  it('judges by an outcome that overrides the file’s, whatever the signal', async () => {
    const asFixed = await runAll({}, { expect: 'healthy' });
    expect(asFixed.results[0]?.verdict?.result).toBe('fail');
    const asBroken = await runAll({}, { expect: 'close-blocked' });
    expect(asBroken.results[0]?.verdict).toMatchObject({
      result: 'pass',
      expected: { outcome: 'close-blocked', signal: undefined },
    });
  });

  it('goes on to the next scenario when one breaks, each in a lab and a folder of its own', async () => {
    const { results, calls, out } = await runAll(broken, {}, twoOf);
    expect(results.map(({ scenario, error }) => [scenario, error instanceof LabError])).toEqual([
      ['close/server-first', true],
      ['close/again', true],
    ]);
    expect(calls.filter((call) => call.startsWith('lab '))).toEqual([
      'lab created',
      'lab removed',
      'lab created',
      'lab removed',
    ]);
    for (const name of ['close-server-first', 'close-again'])
      expect(existsSync(path.join(out, name, 'plan.json')), name).toBe(true);
  });

  it('starts no further scenario when told to stop, and still completes the record', async () => {
    const stop = new AbortController();
    const script: Script = {
      exec: ({ what }) => {
        if (what === 'ready') stop.abort(new LabError('interrupted by SIGINT'));
        return undefined;
      },
    };
    const { results, out } = await runAll(script, { signal: stop.signal }, twoOf);
    const record = recordOf(out);
    expect(results.map(({ error }) => error?.message)).toEqual(['interrupted by SIGINT']);
    expect(record.finishedAt).toBeDefined();
  });

  it('offers only the last lab to look around in', async () => {
    const held: string[] = [];
    const hold: RunScenariosOptions['hold'] = ({ plan }) => {
      held.push(plan.scenario);
      return Promise.resolve();
    };
    await runAll(broken, { hold }, twoOf);
    expect(held).toEqual(['close/again']);
  });

  it('has a record on disk before the first scenario has ended', async () => {
    const out = path.join(runDirectory(), 'out');
    const seen: RunRecord[] = [];
    const script: Script = {
      exec: ({ what }) => {
        if (what !== 'ready') return undefined;
        seen.push(recordOf(out));
        return Promise.resolve({ ...ok, exitCode: 1 });
      },
    };
    await runAll(script, { out });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.finishedAt).toBeUndefined();
  });

  it('gives each phase of each scenario a lab of its own, removed before there is the next', async () => {
    const { results, calls } = await runAll({}, {}, twoOf);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass']);
    expect(calls.filter((call) => call.startsWith('lab '))).toEqual(
      Array.from({ length: 4 }, () => ['lab created', 'lab removed']).flat(),
    );
  });

  it('goes on in new labs when the lab of one scenario is lost, whose end no other shares', async () => {
    const gone = new LabError('QEMU was killed by SIGKILL');
    const { results, calls } = await runAll(
      { lost: (lab) => (lab === 1 ? Promise.reject(gone) : undefined) },
      {},
      twoOf,
    );
    expect(results.map(({ error, verdict }) => error ?? verdict?.result)).toEqual([gone, 'pass']);
    expect(calls.filter((call) => call === 'lab removed')).toHaveLength(3);
  });

  it('leaves the scenario beside one whose lab is lost alone', async () => {
    const gone = new LabError('QEMU was killed by SIGKILL');
    let lose!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    const { results } = await runAll(
      {
        lost: (lab) => (lab === 1 ? lost : undefined),
        drive: ({ lab }) => {
          if (lab === 1) lose(gone);
          return undefined;
        },
      },
      { lanes: 2 },
      twoOf,
    );
    // Which of the two lanes gets the first lab is left open.
    expect(results).toHaveLength(2);
    expect(new Set(results.map(({ error, verdict }) => error ?? verdict?.result))).toEqual(
      new Set([gone, 'pass']),
    );
  });

  it('stops after the first scenario that does not pass when asked to', async () => {
    const stopped = await runAll({}, { expect: 'healthy', stopAtFirst: true }, twoOf);
    expect(stopped.results.map(({ scenario }) => scenario)).toEqual(['close/server-first']);
    const passing = await runAll({}, { stopAtFirst: true }, twoOf);
    expect(passing.results).toHaveLength(2);
  });

  it('runs those with raw-socket load after all others and one at a time', async () => {
    const flows = { count: 10, mix: [], sources: 4 } as unknown as Flows;
    const ids = ['load/one', 'load/two', 'close/one', 'close/two'];
    const choose = (scenario: Scenario) =>
      ids.map((id) => ({ ...scenario, id, flows: id.startsWith('load') ? flows : undefined }));
    const { results, events } = await runAll(broken, { lanes: 4 }, choose);
    const order = events.flatMap((event) =>
      event.type === 'scenario-started' || event.type === 'scenario-broke'
        ? [`${event.scenario} ${event.type.slice('scenario-'.length)}`]
        : [],
    );
    expect(order.slice(0, 2).sort()).toEqual(['close/one started', 'close/two started']);
    expect(order.slice(4)).toEqual([
      'load/one started',
      'load/one broke',
      'load/two started',
      'load/two broke',
    ]);
    expect(results.map(({ scenario }) => scenario)).toEqual(ids);
    expect(events[0]).toMatchObject({ lanes: 2 });
  });

  it('starts none of those with raw-socket load either after one that did not pass when told so', async () => {
    const flows = { count: 10, mix: [], sources: 4 } as unknown as Flows;
    const choose = (scenario: Scenario) => [{ ...scenario, id: 'load/one', flows }, scenario];
    const { results } = await runAll(broken, { stopAtFirst: true }, choose);
    expect(results.map(({ scenario }) => scenario)).toEqual(['close/server-first']);
  });

  it('runs several labs at once, and gives the results in the order of the jobs', async () => {
    const { results, calls, events } = await runAll({}, { lanes: 2 }, twoOf);
    expect(results.map(({ scenario }) => scenario)).toEqual(['close/server-first', 'close/again']);
    expect(calls.slice(0, 2)).toEqual(['lab created', 'lab created']);
    const order = events.flatMap(({ type }) => (/^scenario-(started|finished)$/.test(type) ? [type] : []));
    expect(order.slice(0, 2)).toEqual(['scenario-started', 'scenario-started']);
  });

  it('has as many labs at once as the engine has room for, unless told how many', async () => {
    const { engine } = fakeEngine(broken);
    const roomy = { ...engine, room: 2 };
    expect((await runAll({}, { engine: roomy, lanes: undefined }, twoOf)).events[0]).toMatchObject({
      lanes: 2,
    });
    expect((await runAll({}, { engine: roomy, lanes: 1 }, twoOf)).events[0]).toMatchObject({ lanes: 1 });
    const cramped = { ...engine, room: 1 };
    expect((await runAll({}, { engine: cramped, lanes: undefined }, twoOf)).events[0]).toMatchObject({
      lanes: 1,
    });
  });

  describe('where every lab is alike, each on an engine of its own', () => {
    const shapesOf = async (sharedRunId: string | undefined) => {
      const { engine } = fakeEngine();
      const shapes: unknown[] = [];
      const alike: typeof engine = {
        ...engine,
        sharedRunId,
        createLab: (shape) => {
          shapes.push(shape);
          return engine.createLab(shape);
        },
      };
      const freeAddresses = (scenario: Scenario) => ({
        ...scenario,
        topology: { ...scenario.topology, subnet: undefined },
      });
      const jobs = jobsOf(twoOf(freeAddresses(await recordedScenario())), 1);
      await runAll({}, { engine: alike, jobs, lanes: 2, expect: 'healthy' });
      return shapes;
    };

    it('has the same names and networks, so that one that was saved serves all', async () => {
      const [first, ...others] = await shapesOf('vm');
      expect(others.length).toBeGreaterThan(0);
      for (const other of others) expect(other).toEqual(first);
    });

    it('is not so on one engine, where each has names and networks of its own', async () => {
      const shapes = await shapesOf(undefined);
      const texts = shapes.map((shape) => JSON.stringify(shape));
      expect(new Set(texts).size).toBe(texts.length);
    });
  });
});
