import { describe, expect, it } from 'vitest';
import { Requests, type Round } from '../../../../../src/cli/commands/watch/requests.js';

const round = (parts: Partial<Round> = {}): Round => ({
  files: ['a'],
  which: 'changed',
  explain: false,
  at: 1,
  ...parts,
});
const { signal } = new AbortController();

describe('rounds that are asked for', () => {
  it('are waited for, and there is one for all that was asked before it begins', async () => {
    const requests = new Requests();
    const waited = requests.next(signal);
    requests.ask(round());
    expect(await waited).toEqual(round());
    requests.ask(round());
    requests.ask(round({ files: ['b', 'a'], which: 'unhealthy', explain: true, at: 3 }));
    expect(requests.isPending).toBe(true);
    expect(await requests.next(signal)).toEqual(
      round({ files: ['a', 'b'], which: 'all', explain: true, at: 3 }),
    );
    expect(requests.isPending).toBe(false);
  });

  it('end the one that is running, and what that was for is not forgotten', async () => {
    const requests = new Requests();
    requests.ask(round({ files: [], which: 'all', explain: true }));
    const first = await requests.next(signal);
    const running = requests.running();
    expect(running.aborted).toBe(false);
    requests.ask(round({ at: 5 }));
    expect(running.aborted).toBe(true);
    requests.keep(first!);
    expect(await requests.next(signal)).toEqual(round({ which: 'all', explain: true, at: 5 }));
    expect(requests.running().aborted).toBe(false);
  });

  it('end one that begins too late to know of them', () => {
    const requests = new Requests();
    requests.ask(round());
    expect(requests.running().aborted).toBe(true);
  });

  it('are no more when somebody quits, whatever else was asked', async () => {
    const requests = new Requests();
    const waited = requests.next(signal);
    const running = requests.running();
    requests.quit();
    requests.ask(round());
    expect(await waited).toBeUndefined();
    expect(running.aborted).toBe(true);
  });

  it('are waited for until the command is told to stop', async () => {
    const stop = new AbortController();
    const waited = new Requests().next(stop.signal);
    const why = new Error('Ctrl-C');
    stop.abort(why);
    await expect(waited).rejects.toBe(why);
    const requests = new Requests();
    requests.ask(round());
    await expect(requests.next(stop.signal)).rejects.toBe(why);
  });
});
