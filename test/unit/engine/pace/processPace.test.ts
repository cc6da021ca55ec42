import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ProcessPace } from '../../../../src/engine/pace/processPace.js';
import { processorTime, type ProcessorTime } from '../../../../src/engine/pace/processorShare.js';

/** A process whose processor time, and the clock, are the test's. */
function watched() {
  let now = 0;
  let time: ProcessorTime | undefined = { got: 10, denied: 2 };
  const pace = new ProcessPace({ name: 'QEMU', time: () => time }, () => now);
  /** Seconds of processor time, got and denied, in a span of time. */
  const pass = (seconds: number, got: number, denied: number): void => {
    now += seconds;
    if (time !== undefined) time = { got: time.got + got, denied: time.denied + denied };
  };
  return { pace, pass, end: () => (time = undefined) };
}

describe('the pace of a process', () => {
  it('is by the share that it got of the processor time that it asked for, since it was last looked at', () => {
    const { pace, pass } = watched();
    expect(pace.slowness()).toBe(1);
    pass(2, 0.5, 1.5);
    expect(pace.slowness()).toBe(4);
    expect(pace.measured()).toBe('QEMU got 25 % of the processor time that it asked for');
    pass(2, 2, 0);
    expect(pace.slowness()).toBe(1);
  });

  it('is not slow where it asked for next to none', () => {
    const { pace, pass } = watched();
    pass(10, 0.01, 0.1);
    expect(pace.slowness()).toBe(1);
  });

  it('is measured over a second at least, and is what it was when the process has ended', () => {
    const { pace, pass, end } = watched();
    pass(0.2, 0, 0.2);
    expect(pace.slowness()).toBe(1);
    pass(0.8, 0.2, 0.2);
    expect(pace.slowness()).toBeCloseTo(3);
    end();
    pass(5, 0, 0);
    expect(pace.slowness()).toBeCloseTo(3);
  });

  it('is slower on a machine that took more processor time for a piece of work, and never faster than usual', () => {
    const { pace, pass } = watched();
    pace.hasDone(4);
    expect(pace.slowness()).toBe(2.5);
    pass(2, 1, 1);
    expect(pace.slowness()).toBe(5);
    expect(pace.measured()).toContain('took 2.5 times as much of it as usual to start');
    pace.hasDone(100);
    expect(pace.slowness()).toBe(2);
  });

  it('has a limit, also where the process got nothing at all', () => {
    const { pace, pass } = watched();
    pass(10, 0, 10);
    expect(pace.slowness()).toBe(20);
  });
});

describe('processor time', () => {
  it('is that of all threads of a process, and unknown of one that has ended', async () => {
    const busy = spawn('sh', ['-c', 'while :; do :; done']);
    try {
      await expect
        .poll(() => processorTime(busy.pid ?? 0)?.got ?? 0, { timeout: 30_000 })
        .toBeGreaterThan(0.05);
    } finally {
      busy.kill('SIGKILL');
    }
    await new Promise((resolve) => busy.on('close', resolve));
    expect(processorTime(busy.pid ?? 0)).toBeUndefined();
    expect(processorTime('self')?.got).toBeGreaterThan(0);
  });
});
