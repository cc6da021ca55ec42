import { describe, expect, it } from 'vitest';
import type { PlannedLab } from '../../../../src/run/lab/plannedLab.js';
import { runSettledEvents, runTimedEvents } from '../../../../src/run/phase/timeline.js';
import type { PlannedEvent } from '../../../../src/scenario/model/planTypes.js';
import { ok } from '../fakeEngine.js';

type At = PlannedEvent['at'];

const event = (at: At, what: string, nodes: readonly string[] = ['director']): PlannedEvent => ({
  at,
  what,
  steps: nodes.map((node) => ({ node, command: { purpose: what, argv: [what] } })),
});

/** A lab in which these events are to happen; `happened` has what was run where, and when (ms). */
function lab(events: readonly PlannedEvent[], exitCode = 0, places: PlannedLab['source']['places'] = {}) {
  const start = performance.now();
  const happened: { readonly what: string; readonly ms: number }[] = [];
  const nodes = ['director', 'realserver1'].map((name) => ({
    plan: { name },
    node: {
      shape: { name },
      exec: (argv: readonly string[]) => {
        happened.push({ what: `${name} ${argv.join(' ')}`, ms: performance.now() - start });
        return Promise.resolve({ ...ok, exitCode });
      },
    },
  }));
  const planned = { nodes, plan: { events, scenario: 'a/b' }, source: { file: '/site/a.yaml', places } };
  return { lab: planned as unknown as PlannedLab, happened };
}

const never = new AbortController().signal;

/** Connections that were open some seconds ago. */
function connected(secondsAgo = 0) {
  const clock = { seconds: () => Date.now() / 1000 };
  return { at: clock.seconds() - secondsAgo, clock };
}

describe('events of the measured run', () => {
  it('happen when their time has come, in the order of their times, and those for later do not', async () => {
    const events = [
      event(0.2, 'late'),
      event('settled', 'last'),
      event('connected', 'now'),
      event(0.1, 'soon'),
    ];
    const { lab: planned, happened } = lab(events);
    const records = await runTimedEvents(planned, connected(), never);
    expect(happened.map(({ what }) => what)).toEqual(['director now', 'director soon', 'director late']);
    expect(happened[1]!.ms).toBeGreaterThanOrEqual(95);
    expect(happened[2]!.ms).toBeGreaterThanOrEqual(195);
    expect(records.map(({ what }) => what)).toEqual(['now', 'soon', 'late']);
    expect(Date.parse(records[2]!.startedAt)).toBeGreaterThanOrEqual(Date.parse(records[0]!.finishedAt));
  });

  it('are recorded with when they were due and when they began, and those that are late are not put off', async () => {
    const { lab: planned, happened } = lab([event(0.1, 'soon'), event(2, 'later')]);
    const late = connected(1.95);
    const records = await runTimedEvents(planned, late, never);
    expect(happened[0]!.ms).toBeLessThan(50);
    expect(records.map(({ timing }) => timing)).toEqual([
      expect.objectContaining({ connected: late.at, due: late.at + 0.1 }) as unknown,
      expect.objectContaining({ connected: late.at, due: late.at + 2 }) as unknown,
    ]);
    expect(records[0]!.timing!.begun - late.at).toBeGreaterThan(1.9);
    expect(records[1]!.timing!.begun - late.at).toBeGreaterThanOrEqual(1.99);
    expect(records[1]!.timing!.over).toBeGreaterThanOrEqual(records[1]!.timing!.begun);
    expect((await runSettledEvents(lab([event('settled', 'last')]).lab))[0]).not.toHaveProperty('timing');
  });

  it('happen at the end only where they wait for the sockets to settle', async () => {
    const { lab: planned, happened } = lab([event('connected', 'now'), event('settled', 'last')]);
    expect((await runSettledEvents(planned)).map(({ what }) => what)).toEqual(['last']);
    expect(happened.map(({ what }) => what)).toEqual(['director last']);
  });

  it('take their steps one after the other, each on its node', async () => {
    const { lab: planned, happened } = lab([event('settled', 'move', ['director', 'realserver1'])]);
    await runSettledEvents(planned);
    expect(happened.map(({ what }) => what)).toEqual(['director move', 'realserver1 move']);
  });

  it('do not happen any more when the load is over', async () => {
    const { lab: planned, happened } = lab([event('connected', 'now'), event(5, 'late')]);
    const stop = new AbortController();
    const playing = runTimedEvents(planned, connected(), stop.signal);
    await expect.poll(() => happened).toHaveLength(1);
    stop.abort();
    await expect(playing).rejects.toThrow(/abort/i);
    expect(happened).toHaveLength(1);
  });

  it('break the lab when one of them fails', async () => {
    await expect(runSettledEvents(lab([event('settled', 'move')], 3).lab)).rejects.toThrow(
      'director could not move: exit code 3',
    );
  });

  it("are the file's fault where it says what to do, and its place is named", async () => {
    const place = { line: 12, column: 10 };
    const play = (places: Readonly<Record<string, typeof place>>) =>
      runSettledEvents(lab([event(1, 'before'), event('settled', 'move')], 3, places).lab);
    await expect(play({ 'events.1.run': place })).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(
        /a\.yaml:12:10: ended with exit code 3 \(command of an event on director\): `move`$/,
      ) as unknown,
    });
    await expect(play({ 'events.1.sysctls.net.ipv4.x': place })).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(/a\.yaml:12:10: .* \(sysctl of an event on director\)$/) as unknown,
    });
    await expect(play({ 'events.0.run': place })).rejects.toMatchObject({ exitCode: 2 });
  });
});
