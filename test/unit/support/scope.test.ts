import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/support/errors.js';
import { Scope } from '../../../src/support/scope.js';

function recordingScope(seconds?: number) {
  const problems: { what: string; message: string }[] = [];
  const scope = new Scope((what, error) => problems.push({ what, message: error.message }), seconds);
  return { scope, problems };
}

describe('Scope', () => {
  it('undoes the last thing first', async () => {
    const { scope, problems } = recordingScope();
    const order: string[] = [];
    scope.defer('network', () => order.push('network'));
    scope.defer('container', async () => {
      await Promise.resolve();
      order.push('container');
    });
    await scope.close();
    expect(order).toEqual(['container', 'network']);
    expect(problems).toEqual([]);
  });

  it('reports a failed step and still runs the others', async () => {
    const { scope, problems } = recordingScope();
    const order: string[] = [];
    scope.defer('network', () => order.push('network'));
    scope.defer('container', () => Promise.reject(new Error('no such container')));
    scope.defer('capture', () => {
      throw new Error('not started');
    });
    await scope.close();
    expect(order).toEqual(['network']);
    expect(problems).toEqual([
      { what: 'capture', message: 'not started' },
      { what: 'container', message: 'no such container' },
    ]);
  });

  it('gives a step that hangs its budget and goes on', async () => {
    const { scope, problems } = recordingScope(0.02);
    let later = false;
    scope.defer('network', () => {
      later = true;
    });
    scope.defer('vm', () => new Promise(() => undefined));
    await scope.close();
    expect(later).toBe(true);
    expect(problems).toEqual([
      { what: 'vm', message: 'expected cleanup of vm to end within 20 ms; it was still going on' },
    ]);
  });

  describe('once somebody has asked to stop', () => {
    const never = (): Promise<void> => new Promise(() => undefined);
    function stoppable(seconds = 0.05) {
      const problems: string[] = [];
      const controller = new AbortController();
      const stop = { signal: controller.signal, seconds, lastSeconds: 0.02 };
      const scope = new Scope((what, error) => problems.push(`${what}: ${error.message}`), 20, stop);
      return { scope, problems, controller };
    }
    const late = (what: string): string =>
      `${what}: expected all cleanup to end within 50 ms of being told to stop; that of ${what} was still going on`;

    it('all steps together have a budget, in which a step in mid-way ends too, and those behind it are tried', async () => {
      const { scope, problems, controller } = stoppable();
      const order: string[] = [];
      scope.defer('the process', () => order.push('killed'));
      scope.defer('the network', never);
      scope.defer('the nodes', never);
      const start = performance.now();
      const closing = scope.close();
      controller.abort();
      await closing;
      // Each has 20 s of its own.
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(order).toEqual(['killed']);
      expect(problems).toEqual([late('the nodes'), late('the network')]);
    });

    it('it counts from the signal, not from the cleanup’s own begin', async () => {
      const { scope, problems, controller } = stoppable();
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 60));
      scope.defer('the nodes', () => new Promise((resolve) => setTimeout(resolve, 40)));
      await scope.close();
      expect(problems).toEqual([late('the nodes')]);
    });

    it('and nobody hurries before that, nor when all is done in time', async () => {
      const slow = () => new Promise((resolve) => setTimeout(resolve, 80));
      const calm = stoppable();
      calm.scope.defer('the nodes', slow);
      await calm.scope.close();
      calm.controller.abort();
      const quick = stoppable(20);
      quick.controller.abort();
      quick.scope.defer('the nodes', slow);
      await quick.scope.close();
      expect([calm.problems, quick.problems]).toEqual([[], []]);
    });
  });

  it('runs each step once when closed twice at the same time', async () => {
    const { scope } = recordingScope();
    let runs = 0;
    scope.defer('vm', async () => {
      await Promise.resolve();
      runs += 1;
    });
    await Promise.all([scope.close(), scope.close()]);
    await scope.close();
    expect(runs).toBe(1);
  });

  it('disposes of resources and keeps the error of the body when cleanup fails too', async () => {
    const { scope, problems } = recordingScope();
    const body = async () => {
      await using _closing = scope;
      scope.use({ [Symbol.asyncDispose]: () => Promise.reject(new Error('stuck')) }, 'lab');
      await Promise.reject(new Error('the load never ran'));
    };
    await expect(body()).rejects.toThrow('the load never ran');
    expect(problems).toEqual([{ what: 'lab', message: 'stuck' }]);
  });

  it('refuses to register on a closed scope, because nothing would ever run it', async () => {
    const { scope } = recordingScope();
    await scope.close();
    expect(() => {
      scope.defer('container', () => undefined);
    }).toThrow(LabError);
  });
});
