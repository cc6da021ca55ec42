import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runRecordSchema, type RunRecord } from '../../../../src/run/model/runRecord.js';
import { scenarioJsonSchemaText } from '../../../../src/scenario/file/jsonSchema.js';
import type { RunScenariosOptions } from '../../../../src/run/schedule/runScenarios.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { LabError } from '../../../../src/support/errors.js';
import { parseJson } from '../../../../src/support/parseJson.js';
import { toolVersion } from '../../../../src/support/version.js';
import { ok, pristine, recordedRunId, type Script } from '../fakeEngine.js';
import { runAll, runDirectory } from '../running.js';

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
      'cold',
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

  describe('a lab that its engine discards', () => {
    const removed = async (script: Script, options: Partial<RunScenariosOptions>) => {
      const { calls } = await runAll(script, options, twoOf);
      return calls.filter((call) => call === 'lab removed').length;
    };

    it('is not removed at the end, unless the engine stays, or does not discard it', async () => {
      expect(await removed({ discardsLabs: true }, { closesEngine: true })).toBe(0);
      expect(await removed({ discardsLabs: true }, { closesEngine: false })).toBe(1);
      expect(await removed({ discardsLabs: false }, { closesEngine: true })).toBe(1);
    });

    it('makes room while other jobs wait', async () => {
      expect(await removed({ discardsLabs: true }, { closesEngine: true, isolate: true })).toBe(1);
    });

    it('is not waited for when the run is told to stop, even half made', async () => {
      const stop = new AbortController();
      const halfMade = (): Promise<never> => {
        stop.abort(new LabError('interrupted by SIGINT'));
        return new Promise<never>(() => undefined);
      };
      const script = { discardsLabs: true, createLab: halfMade };
      expect(await removed(script, { closesEngine: true, signal: stop.signal })).toBe(0);
    });
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

  it('runs the second scenario on the first one’s lab, and counts its control run again', async () => {
    const { results, calls, events, out } = await runAll({}, {}, twoOf);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass']);
    expect(calls.filter((call) => call.startsWith('lab '))).toEqual(['lab created', 'lab removed']);
    expect(events).toContainEqual({
      type: 'control-shared',
      scenario: 'close/again',
      with: 'close/server-first',
    });
    const shared = path.join(out, 'close-again', 'control', 'shared-with.json');
    expect(JSON.parse(readFileSync(shared, 'utf8'))).toEqual({ job: 'close/server-first' });
  });

  it('gives each scenario a lab and a control run of its own when isolated, and the same verdicts', async () => {
    const { results, calls, events } = await runAll({}, { isolate: true }, twoOf);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass']);
    expect(calls.filter((call) => call === 'lab created')).toHaveLength(2);
    expect(calls.some((call) => call.endsWith('reset'))).toBe(false);
    expect(events.some(({ type }) => type === 'control-shared')).toBe(false);
  });

  it('takes a fresh lab when a reset has left something behind, and says what', async () => {
    const dirty = `${pristine}FIN-WAIT-2 192.0.2.1:80 192.0.2.2:4711\n`;
    const { results, calls, events } = await runAll(
      {
        exec: ({ node, what }) =>
          what === 'reset' && node === 'realserver1' ? Promise.resolve({ ...ok, stdout: dirty }) : undefined,
      },
      {},
      twoOf,
    );
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass']);
    expect(calls.filter((call) => call === 'lab created')).toHaveLength(2);
    expect(events.find(({ type }) => type === 'lab-replaced')).toMatchObject({
      lab: 'lab 1',
      why: 'realserver1: + sockets: FIN-WAIT-2 192.0.2.1:80 192.0.2.2:4711',
    });
  });

  it('takes a fresh lab after a scenario that broke', async () => {
    let first = true;
    const { results, calls } = await runAll(
      {
        exec: ({ what }) => {
          if (what !== 'setup' || !first) return undefined;
          first = false;
          return Promise.resolve({ ...ok, exitCode: 1 });
        },
      },
      {},
      twoOf,
    );
    expect(results.map(({ verdict }) => verdict?.result)).toEqual([undefined, 'pass']);
    expect(calls.filter((call) => call === 'lab created')).toHaveLength(2);
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
    expect(calls.filter((call) => call === 'lab created')).toHaveLength(2);
    const order = events.flatMap(({ type }) => (/^scenario-(started|finished)$/.test(type) ? [type] : []));
    expect(order.slice(0, 2)).toEqual(['scenario-started', 'scenario-started']);
  });
});
