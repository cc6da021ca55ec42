import { describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../../../src/cli/frame/services.js';
import { withEngine } from '../../../../src/cli/frame/withEngine.js';
import type { Engine } from '../../../../src/engine/port/port.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { fakeServices } from '../harness.js';

function request(signal = new AbortController().signal) {
  const events: LabEvent[] = [];
  const open: OpenRequest = {
    engine: 'auto',
    kernel: undefined,
    accel: 'auto',
    image: 'auto',
    runId: 'r',
    runDirectory: '/r',
    emit: (event) => events.push(event),
    signal,
  };
  return { open, events };
}

describe('withEngine', () => {
  it('reports an engine that cannot be closed, and still throws what the body threw', async () => {
    const engine = {
      [Symbol.asyncDispose]: () => Promise.reject(new Error('will not die')),
    } as unknown as Engine;
    const services = fakeServices({ openEngine: () => Promise.resolve(engine) });
    const { open, events } = request();
    const body = () => Promise.reject(new Error('the load never ran'));
    await expect(withEngine(services, open, body)).rejects.toThrow('the load never ran');
    expect(events).toMatchObject([
      { type: 'cleanup-problem', what: 'the engine', error: { message: 'will not die' } },
    ]);
  });

  it('does not wait for an engine that does not go away when it was told to stop, and says so', async () => {
    const controller = new AbortController();
    const engine = { [Symbol.asyncDispose]: () => new Promise(() => undefined) } as unknown as Engine;
    const services = fakeServices({ openEngine: () => Promise.resolve(engine) });
    const { open, events } = request(controller.signal);
    const body = () => {
      controller.abort(new Error('interrupted'));
      return Promise.resolve();
    };
    const start = performance.now();
    await withEngine(services, open, body, 0.02);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(events).toMatchObject([
      {
        type: 'cleanup-problem',
        what: 'the engine',
        error: { message: expect.stringMatching(/^expected all cleanup to end within 20 ms/) as string },
      },
    ]);
  });

  it('waits for an interrupted opening to clean up after itself', async () => {
    const controller = new AbortController();
    let cleaned = false;
    const services = fakeServices({
      openEngine: async () => {
        controller.abort(new Error('interrupted'));
        await new Promise((resolve) => setTimeout(resolve, 30));
        cleaned = true;
        throw new Error('could not boot');
      },
    });
    const { open } = request(controller.signal);
    await expect(withEngine(services, open, () => Promise.resolve())).rejects.toThrow('interrupted');
    expect(cleaned).toBe(true);
  });

  it('gives up on an opening that hangs in spite of the interruption', async () => {
    const controller = new AbortController();
    const services = fakeServices({ openEngine: () => new Promise(() => undefined) });
    const { open } = request(controller.signal);
    const ended = withEngine(services, open, () => Promise.resolve(), 0.02);
    controller.abort(new Error('interrupted'));
    await expect(ended).rejects.toThrow('interrupted');
  });
});
