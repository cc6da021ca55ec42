import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../../src/run/events.js';
import { runScenarios, type RunOptions } from '../../../src/run/runScenarios.js';
import type { Scenario } from '../../../src/scenario/types.js';
import { LabError } from '../../../src/support/errors.js';
import { toolVersion } from '../../../src/support/version.js';
import { fakeEngine, ok, recordedRunId, type Script } from './fakeEngine.js';
import { recordedScenario, runDirectory } from './running.js';

interface RunRecord {
  readonly finishedAt?: string;
  readonly stages: readonly { readonly scenario: string; readonly stage: string; readonly seconds: number }[];
}

async function runAll(
  script: Script,
  options: Partial<RunOptions> = {},
  choose: (scenario: Scenario) => readonly Scenario[] = (scenario) => [scenario],
) {
  const { engine, calls } = fakeEngine(script);
  const events: LabEvent[] = [];
  const out = path.join(runDirectory(), 'not', 'there', 'yet');
  const scenario = await recordedScenario();
  const results = await runScenarios({
    engine,
    scenarios: choose(scenario),
    out,
    runId: recordedRunId,
    expect: undefined,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...options,
  });
  const record = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as RunRecord;
  return { results, events, calls, out, record };
}

/** Breaks before any packet: quick, where a test is about what comes around it. */
const notReady: Script = {
  exec: ({ what }) => (what === 'ready' ? Promise.resolve({ ...ok, exitCode: 1 }) : undefined),
};

const twoOf = (scenario: Scenario): readonly Scenario[] => [scenario, { ...scenario, id: 'close/again' }];

describe('runScenarios', () => {
  it('records who ran what on which engine, and how long each stage took', async () => {
    const { results, record, events, out } = await runAll({});
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass']);
    expect(record).toMatchObject({
      runId: recordedRunId,
      tool: toolVersion(),
      engine: { kind: 'vm', id: 'recorded', kernel: '6.1.0-56-amd64' },
      scenarios: [{ id: 'close/server-first', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    });
    expect(record.stages.map(({ stage }) => stage)).toEqual([
      'topology',
      'ready',
      'control',
      'rules',
      'measured',
      'judge',
      'cleanup',
    ]);
    expect(Date.parse(record.finishedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(events[0]).toEqual({
      type: 'run-started',
      runId: recordedRunId,
      directory: out,
      scenarios: ['close/server-first'],
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
    const { results, calls, out } = await runAll(notReady, {}, twoOf);
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
    const { results, record } = await runAll(script, { signal: stop.signal }, twoOf);
    expect(results.map(({ error }) => error?.message)).toEqual(['interrupted by SIGINT']);
    expect(record.finishedAt).toBeDefined();
  });

  it('offers only the last lab to look around in', async () => {
    const held: string[] = [];
    const hold: RunOptions['hold'] = ({ plan }) => {
      held.push(plan.scenario);
      return Promise.resolve();
    };
    await runAll(notReady, { hold }, twoOf);
    expect(held).toEqual(['close/again']);
  });

  it('has a record on disk before the first scenario has ended', async () => {
    const out = path.join(runDirectory(), 'out');
    const seen: RunRecord[] = [];
    const script: Script = {
      exec: ({ what }) => {
        if (what !== 'ready') return undefined;
        seen.push(JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as RunRecord);
        return Promise.resolve({ ...ok, exitCode: 1 });
      },
    };
    const { engine } = fakeEngine(script);
    await runScenarios({
      engine,
      scenarios: [await recordedScenario()],
      out,
      runId: recordedRunId,
      expect: undefined,
      emit: () => undefined,
      signal: new AbortController().signal,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.finishedAt).toBeUndefined();
  });
});
