import { describe, expect, it } from 'vitest';
import { Patience, type Pace } from '../../../src/support/patience.js';

/** Seconds of wall-clock time until patience is over; `moved` tells of progress in each second. */
function lasting(seconds: number, pace: Pace | undefined, moved: (second: number) => boolean = () => false) {
  let now = 1000;
  const patience = new Patience(seconds, pace, () => now);
  const ticks = (): number => Math.round((now - 1000) / patience.lookSeconds);
  for (;;) {
    now += patience.lookSeconds;
    if (moved(ticks() * patience.lookSeconds)) patience.progress();
    if (patience.isOver()) return { lasted: now - 1000, text: patience.text() };
  }
}

const slow = (times: (() => number) | number): Pace => ({
  slowness: typeof times === 'number' ? () => times : times,
  measured: () => 'QEMU got 25 % of the processor time that it asked for',
});

describe('patience', () => {
  it('with what stands still is as long as was set, on an undisturbed machine as when nobody measures', () => {
    for (const pace of [undefined, slow(1)]) {
      expect(lasting(60, pace)).toEqual({ lasted: 60, text: '60 s' });
    }
  });

  it('is longer by as much as the machine is slower, and says so with what was measured', () => {
    expect(lasting(60, slow(4))).toEqual({
      lasted: 240,
      text: '4 min 0 s (a machine up to 4.0 times slower than undisturbed: QEMU got 25 % of the processor time that it asked for)',
    });
  });

  it('counts each second at the pace of that second', () => {
    let looks = 0;
    // Slow for the first two minutes, which are half a minute of work.
    const { lasted } = lasting(
      60,
      slow(() => ((looks += 1) <= 120 ? 4 : 1)),
    );
    expect(lasted).toBe(150);
  });

  it('begins anew with progress, and ends all the same when that takes ten times as long', () => {
    const { lasted, text } = lasting(60, slow(1), (second) => second <= 100);
    expect(lasted).toBe(159);
    expect(text).toBe('2 min 39 s (the last progress 59.0 s ago)');
    expect(lasting(60, slow(1), () => true).lasted).toBe(600);
    expect(lasting(60, slow(20)).lasted).toBe(600);
  });

  it('is not used up while this process did not run itself', () => {
    let now = 0;
    const patience = new Patience(60, undefined, () => now);
    now += 300;
    expect(patience.isOver()).toBe(false);
    now += 1;
    expect(patience.isOver()).toBe(false);
    for (let second = 0; second < 57; second++) {
      now += 1;
      expect(patience.isOver(), String(second)).toBe(second === 56);
    }
  });
});
