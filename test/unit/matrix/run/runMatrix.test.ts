import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventText } from '../../../../src/report/progress/eventText.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { job, ran, share, target, told } from '../matrices.js';

const texts = (events: readonly LabEvent[]) => events.map(eventText);

describe('a matrix', () => {
  it('runs each target in a child of its own and gives results in the order asked for', async () => {
    const { end, started, out } = await ran([share('k1', 'a', 'b'), share('k2', 'b', 'a', 'c')]);
    expect(told(end.results)).toEqual(['a: pass', 'b: pass', 'b: pass', 'a: pass', 'c: pass']);
    expect(end.error).toBeUndefined();
    // Longest first, whatever the order of the results.
    expect(started).toEqual(['k2: b a c', 'k1: a b']);
    expect(end.results[0]?.directory).toBe(path.join(out, 'k1', 'a'));
    expect(end.results[2]?.directory).toBe(path.join(out, 'k2', 'b'));
  });

  it('starts the target that will take longest first, which need not have most jobs', async () => {
    const flows = { count: 40_000, rate: 100 } as NonNullable<ReturnType<typeof job>['scenario']['flows']>;
    const heavy = { target: target('k2'), jobs: [job('load', { flows })] };
    const { started } = await ran([share('k1', 'a', 'b', 'c'), heavy]);
    expect(started).toEqual(['k2: load', 'k1: a b c']);
  });

  it('tells what children do under the name of the target, and counts all jobs once', async () => {
    const { events } = await ran([share('k1', 'a'), share('k2', 'a', 'b')]);
    const said = texts(events);
    expect(said).toContain('k1: a: About it');
    expect(said).toContain('k2: b: PASS in 1.0 s');
    expect(events.filter(({ type }) => type === 'run-started')).toEqual([
      expect.objectContaining({ scenarios: ['k1: a', 'k2: a', 'k2: b'] }),
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'scenario-started', target: 'k2' }));
  });

  it('costs a killed child the job that it was at, and runs the others in a new child', async () => {
    const { end, started, out } = await ran([share('k1', 'a', 'b', 'c'), share('k2', 'a')], {
      b: 'is killed',
    });
    expect(told(end.results)).toEqual([
      'a: pass',
      'b: broke: the process that ran the jobs of k1 was killed by SIGKILL and left no results',
      'c: pass',
      'a: pass',
    ]);
    expect(started).toEqual(['k1: a b c', 'k1.2: c', 'k2: a']);
    expect(end.results[1]).toMatchObject({ cell: { kernel: 'k1' }, directory: path.join(out, 'k1', 'b') });
    expect(end.results[2]?.directory).toBe(path.join(out, 'k1.2', 'c'));
    expect(end.error).toBeUndefined();
  });

  it('shows what a child that crashed said last', async () => {
    const { end, events } = await ran([share('k1', 'a', 'b')], { a: 'crashes' });
    expect(told(end.results)).toEqual([
      'a: broke: the process that ran the jobs of k1 ended with exit code 7 and left no results',
      'b: pass',
    ]);
    expect(end.results[0]?.error).toMatchObject({ details: 'TypeError: x is not a function' });
    expect(texts(events)).toContainEqual(expect.stringMatching(/^k1: a: BROKE after /));
  });

  it('goes on in a new child after a lost VM, with what the first one recorded', async () => {
    const { end, started } = await ran([share('k1', 'a', 'b', 'c')], { b: 'loses its VM' });
    expect(told(end.results)).toEqual(['a: pass', 'b: broke: the VM is gone', 'c: pass']);
    expect(started).toEqual(['k1: a b c', 'k1.2: c']);
  });

  it('ends although every job kills its child, with one attempt for each', async () => {
    const { end, started } = await ran([share('k1', 'a', 'b', 'c')], {
      a: 'is killed',
      b: 'loses its VM',
      c: 'is killed',
    });
    expect(end.results.map(({ verdict }) => verdict)).toEqual([undefined, undefined, undefined]);
    expect(started).toEqual(['k1: a b c', 'k1.2: b c', 'k1.3: c']);
  });

  it('breaks the jobs of a target that no job comes out of, once, and no others', async () => {
    const shares = [share('k1', 'a', 'b'), share('k2', 'a', 'b')];
    const { end, started, events } = await ran(shares, {}, { boot: { k1: 'fails' } });
    expect(told(end.results)).toEqual([
      'a: broke: no such kernel',
      'b: broke: no such kernel',
      'a: pass',
      'b: pass',
    ]);
    expect(started).toEqual(['k1: a b', 'k2: a b']);
    expect(texts(events)).toContain('engine: k1: broke, 2 jobs with it: no such kernel');
    // Nobody is at it any more.
    expect(texts(events)).toContain('engine: k1: boot: did not come to its end');
    expect(texts(events)).toContain('engine: k2: boot: done in 1.0 s');
  });

  it('starts nothing more after a job that did not pass, when told so', async () => {
    const shares = [share('k1', 'a', 'b', 'c'), share('k2', 'a')];
    const { end, started } = await ran(shares, { b: 'loses its VM' }, { stopAtFirst: true });
    expect(told(end.results)).toEqual(['a: pass', 'b: broke: the VM is gone']);
    expect(started).toEqual(['k1: a b c']);
  });

  it('runs as many targets at a time as it may', async () => {
    const active = { now: 0, most: 0 };
    const counting = (atOnce: number) =>
      ran(
        [share('k1', 'a'), share('k2', 'a'), share('k3', 'a')],
        {},
        {
          atOnce,
          makeAttempt: async () => {
            active.most = Math.max(active.most, ++active.now);
            await new Promise((resolve) => setImmediate(resolve));
            active.now--;
            return { results: [], engines: [], error: undefined };
          },
        },
      );
    await counting(2);
    expect(active.most).toBe(2);
    active.most = 0;
    await counting(1);
    expect(active.most).toBe(1);
  });
});

describe('a matrix that is told to stop', () => {
  const stopping = (fate: 'waits' | 'does not listen', graceSeconds: number) => {
    const controller = new AbortController();
    const reason = new Error('interrupted by SIGINT');
    return ran(
      [share('k1', 'a', 'b', 'c'), share('k2', 'a')],
      { b: fate },
      {
        signal: controller.signal,
        graceSeconds,
        seen: ({ type }) => {
          if (type === 'stage-started') controller.abort(reason);
        },
      },
    );
  };

  it('tells its children, waits for them and keeps what they came to', async () => {
    const { end, started, events } = await stopping('waits', 60);
    expect(end.error).toEqual(new Error('interrupted by SIGINT'));
    expect(told(end.results)).toEqual(['a: pass', 'b: broke: interrupted by SIGINT']);
    expect(started).toEqual(['k1: a b c']);
    expect(events.filter(({ type }) => type === 'cleanup-problem')).toEqual([]);
  });

  it('kills a child that does not end, and says so', async () => {
    const { end, events } = await stopping('does not listen', 0.2);
    expect(end.error).toEqual(new Error('interrupted by SIGINT'));
    expect(told(end.results)).toEqual(['a: pass', 'b: broke: interrupted by SIGINT']);
    expect(texts(events)).toContainEqual(
      expect.stringMatching(/^cleanup: could not remove the lab of k1: .* was killed/),
    );
  });
});
