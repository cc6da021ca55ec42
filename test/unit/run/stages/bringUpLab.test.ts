import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { bringUpLab } from '../../../../src/run/stages/bringUpLab.js';
import { LabError } from '../../../../src/support/errors.js';
import { fakeEngine, ok, recordedRunId, type Call, type Script } from '../fakeEngine.js';
import { recordedScenario } from '../running.js';

async function raised(script: Script, signal = new AbortController().signal) {
  const { engine, calls } = fakeEngine(script);
  const events: LabEvent[] = [];
  const request = {
    engine,
    scenario: await recordedScenario(),
    runId: recordedRunId,
    emit: (event: LabEvent) => events.push(event),
    signal,
  };
  const outcome = await bringUpLab(request).catch((error: unknown) => error);
  const stages = events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));
  return { outcome, calls, stages };
}

const gone = new LabError('QEMU was killed by SIGKILL');

describe('a lab that is brought up', () => {
  it('is not begun where the rules of its scenario are refused, all of which are named', async () => {
    const { outcome, calls } = await raised({
      tryRules: (steps) => {
        const step = steps.findIndex(({ kind }) => kind === 'rules');
        const stdout = `@@ refused ${step} 3\nno such match\n@@ refused ${step} 4\nno such target\n`;
        return Promise.resolve({ ...ok, stdout });
      },
    });
    expect(calls).toEqual([]);
    expect(outcome).toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(
        /scenario\.yaml:\d+:5: no such match .*\n.*scenario\.yaml:\d+:5: no such target /,
      ) as unknown,
    });
  });

  it('is begun where they are taken, in a lab in which nobody has asked for anything', async () => {
    const { outcome, calls, stages } = await raised({ tryRules: () => Promise.resolve(ok) });
    expect(stages).toEqual(['topology', 'configure', 'ready', 'fresh', 'configure', 'rules']);
    expect(outcome).toMatchObject({ plan: { scenario: 'close/server-first' } });
    const given = calls.lastIndexOf('lab created');
    const [tried, theirs] = [calls.slice(0, given), calls.slice(given)];
    expect(tried.filter((call) => /^lab|ready|rules/.test(call))).toEqual([
      'lab created',
      'client ready',
      'lab removed',
    ]);
    expect(theirs.filter((call) => /^lab|ready|rules/.test(call))).toEqual(['lab created', 'director rules']);
    for (const part of [tried, theirs]) expect(part).toContain('director setup');
  });

  const failing = (when: Call['what'], of: number): Script => ({
    exec: ({ what, lab }) =>
      what === when && lab === of ? Promise.resolve({ ...ok, exitCode: 1, stdout: '{}' }) : undefined,
  });

  it.each([
    ['no packet comes through', failing('ready', 1), 1],
    ['a node cannot be set up', failing('setup', 1), 1],
    ['a node of the second lab cannot be set up', failing('setup', 2), 2],
    ['the rules are refused', failing('rules', 2), 2],
    ['the lab is lost', { lost: (lab: number) => (lab === 2 ? Promise.reject(gone) : undefined) }, 2],
  ])('leaves nothing behind when %s', async (_, script, labs) => {
    const { outcome, calls } = await raised(script);
    expect(outcome).toBeInstanceOf(LabError);
    for (const what of ['lab created', 'lab removed'])
      expect(calls.filter((call) => call === what)).toHaveLength(labs);
  });

  describe('and is told to stop', () => {
    const reason = new Error('told to stop');

    it('while its nodes are made, waits until they are, and removes them', async () => {
      const stop = new AbortController();
      const half = async (): Promise<void> => {
        stop.abort(reason);
        await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const { outcome, calls } = await raised({ making: half }, stop.signal);
      expect(outcome).toBe(reason);
      expect(calls).toEqual(['lab created', 'lab removed']);
    });

    it('while the first of its labs is removed, begins no other', async () => {
      const stop = new AbortController();
      const dispose = (): Promise<void> => {
        stop.abort(reason);
        return Promise.resolve();
      };
      const { outcome, calls } = await raised({ dispose }, stop.signal);
      expect(outcome).toBe(reason);
      expect(calls.filter((call) => call === 'lab created')).toHaveLength(1);
      expect(calls.at(-1)).toBe('lab removed');
    });

    it('before it was begun, begins none', async () => {
      const { outcome, calls } = await raised({}, AbortSignal.abort(reason));
      expect(outcome).toBe(reason);
      expect(calls).toEqual([]);
    });
  });
});
