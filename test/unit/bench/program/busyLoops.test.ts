import { describe, expect, it } from 'vitest';
import { BusyLoops } from '../../../../bench/program/busyLoops.js';
import { usageOf } from '../../../../bench/usage/usage.js';

describe('BusyLoops', () => {
  it('take processors until they are disposed of, and are gone then', async () => {
    const { usage } = await usageOf(async () => {
      await using _loops = await BusyLoops.start(2);
      const start = process.cpuUsage().user;
      while (process.cpuUsage().user - start < 300_000);
    });
    // As much as this process had for itself on a machine with one processor, or so; more on others. It is known of those that are gone.
    expect(usage.cpuSeconds).toBeGreaterThan(0.1);
  });
});
