import { describe, expect, it } from 'vitest';
import { NodesClock } from '../../../../src/run/recording/nodesClock.js';

describe("the nodes' clock", () => {
  it('is told most exactly by what was quickest on its way', () => {
    let now = 1_000_000;
    const clock = new NodesClock(() => now);
    // The nodes' clock is 50 s behind; what comes takes 300, 20 and 900 ms.
    clock.feed((now - 50_000 - 300) / 1000);
    clock.feed((now - 50_000 - 20) / 1000);
    now += 2000;
    clock.feed((now - 50_000 - 900) / 1000);
    expect(clock.seconds()).toBeCloseTo((now - 50_000 - 20) / 1000, 6);
  });

  it('may be ahead of ours', () => {
    const clock = new NodesClock(() => 5000);
    clock.feed(9);
    expect(clock.seconds()).toBe(9);
  });

  it('is ours until something has come', () => {
    expect(new NodesClock(() => 5000).seconds()).toBe(5);
  });
});
