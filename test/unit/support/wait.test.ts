import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/support/errors.js';
import { abortable, DeadlineError, waitFor, withDeadline } from '../../../src/support/wait.js';

const never = () => new Promise<never>(() => undefined);

describe('waitFor', () => {
  it('returns the first thing that is not undefined, false included', async () => {
    const answers = [undefined, undefined, false];
    let looks = 0;
    const found = await waitFor('an answer', () => answers[looks++], { seconds: 2, everyMs: 1 });
    expect(found).toBe(false);
    expect(looks).toBe(3);
  });

  it('names what it waited for, how long, and what it saw last', async () => {
    const probe = (observed: (what: string) => void) => {
      observed('12 sockets in LAST-ACK');
      return undefined;
    };
    const wait = waitFor('the sockets to settle', probe, { seconds: 0.03, everyMs: 5 });
    await expect(wait).rejects.toThrow(
      new DeadlineError('waited 30 ms for the sockets to settle; last seen: 12 sockets in LAST-ACK'),
    );
  });

  it('goes on while what is seen changes, and ends when it does not any more', async () => {
    let looks = 0;
    const probe = (until: number) => (observed: (what: string) => void) => {
      looks += 1;
      observed(`${Math.min(looks, until)} lines`);
      return looks === 60 ? 'all of it' : undefined;
    };
    expect(await waitFor('60 lines', probe(60), { seconds: 0.1, everyMs: 5 })).toBe('all of it');
    looks = 61;
    await expect(waitFor('60 lines', probe(3), { seconds: 0.1, everyMs: 5 })).rejects.toThrow(
      /^waited .* for 60 lines; last seen: 3 lines$/,
    );
  });

  it('counts by the pace of who is waited for', async () => {
    const pace = { slowness: () => 4, measured: () => 'it got a quarter' };
    const wait = waitFor('docker', never, { seconds: 0.05, pace });
    const start = performance.now();
    await expect(wait).rejects.toThrow(
      /^waited .* \(a machine up to 4\.0 times slower than undisturbed: it got a quarter\) for docker; last seen: nothing yet$/,
    );
    expect(performance.now() - start).toBeGreaterThan(150);
  });

  it('keeps its deadline while a probe hangs', async () => {
    await expect(waitFor('docker', never, { seconds: 0.02 })).rejects.toThrow(
      'waited 20 ms for docker; last seen: nothing yet',
    );
  });

  it('stops looking after the deadline', async () => {
    let looks = 0;
    const probe = () => {
      looks += 1;
      return undefined;
    };
    await expect(waitFor('x', probe, { seconds: 0.02, everyMs: 1 })).rejects.toThrow(LabError);
    const atDeadline = looks;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks).toBeLessThanOrEqual(atDeadline + 1);
  });

  it('ends with the reason of the abort, also while a probe hangs', async () => {
    const interrupted = new Error('interrupted');
    const controller = new AbortController();
    const wait = waitFor('docker', never, { seconds: 5, signal: controller.signal });
    controller.abort(interrupted);
    await expect(wait).rejects.toBe(interrupted);
  });

  it('ends with the reason of the abort between two looks', async () => {
    const interrupted = new Error('interrupted');
    const controller = new AbortController();
    const wait = waitFor('x', () => undefined, { seconds: 5, everyMs: 60_000, signal: controller.signal });
    await Promise.resolve();
    controller.abort(interrupted);
    await expect(wait).rejects.toBe(interrupted);
  });

  it('does not look at all when aborted already', async () => {
    let looks = 0;
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(waitFor('x', () => ++looks, { seconds: 1, signal })).rejects.toThrow('too late');
    expect(looks).toBe(0);
  });

  it('passes a probe error on at once', async () => {
    const broken = () => Promise.reject(new Error('kernel panic'));
    await expect(waitFor('docker', broken, { seconds: 60 })).rejects.toThrow('kernel panic');
  });
});

describe('withDeadline', () => {
  it('gives the value of work that ends in time', async () => {
    expect(await withDeadline('work', Promise.resolve(7), 1)).toBe(7);
  });

  it('lets work go on that moves', async () => {
    let bytes = 0;
    const moving = setInterval(() => (bytes += 1), 10);
    const work = new Promise<string>((resolve) => setTimeout(resolve, 400, 'done'));
    expect(await withDeadline('work', work, 0.15, { moved: () => bytes })).toBe('done');
    clearInterval(moving);
    await expect(withDeadline('work', never(), 0.05, { moved: () => bytes })).rejects.toThrow(
      'expected work to end within 50 ms',
    );
  });

  it('names the work that does not', async () => {
    await expect(withDeadline('docker load', never(), 0.01)).rejects.toThrow(
      'expected docker load to end within 10 ms; it was still going on',
    );
  });
});

describe('abortable', () => {
  it('leaves no listener behind on the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await abortable(Promise.resolve(), signal);
    expect(listeners).toBe(0);
  });
});
