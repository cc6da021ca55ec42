import { describe, expect, it } from 'vitest';
import { bringUpLab } from '../../../../src/run/stages/bringUpLab.js';
import { fakeEngine, ok, recordedRunId, type Script } from '../fakeEngine.js';
import { recordedScenario } from '../running.js';

async function raised(script: Script, signal = new AbortController().signal) {
  const { engine, calls } = fakeEngine(script);
  const request = {
    engine,
    scenario: await recordedScenario(),
    runId: recordedRunId,
    emit: () => undefined,
    signal,
  };
  const outcome = await bringUpLab(request).catch((error: unknown) => error);
  return { outcome, calls };
}

describe('a lab that is brought up', () => {
  it('is not begun where the rules of its scenario are refused, all of which are named', async () => {
    const { outcome, calls } = await raised({
      tryRules: (steps) => {
        const step = steps.indexOf('rules') / 2;
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

  it('is begun where they are taken', async () => {
    const { outcome, calls } = await raised({ tryRules: () => Promise.resolve(ok) });
    expect(calls).toContain('lab created');
    expect(outcome).toMatchObject({ plan: { scenario: 'close/server-first' } });
  });

  describe('and is told to stop while its nodes are made', () => {
    const stopped = async (discardsLabs: boolean) => {
      const stop = new AbortController();
      const reason = new Error('told to stop');
      const failed = new Error('the nodes could not be made');
      const createLab = async (): Promise<never> => {
        stop.abort(reason);
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw failed;
      };
      const { outcome } = await raised({ createLab, discardsLabs }, stop.signal);
      return outcome === reason ? 'at once' : outcome === failed ? 'when they were made' : outcome;
    };

    it('ends at once where the engine discards them, and else when that is over', async () => {
      expect(await stopped(true)).toBe('at once');
      expect(await stopped(false)).toBe('when they were made');
    });
  });
});
