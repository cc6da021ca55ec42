import { expect, it } from 'vitest';
import { Latencies } from '../../../../../../lab/clients/raw/measure/latencies.js';

it('gives seconds at each percentile, over the run and since it was last asked', () => {
  const latencies = new Latencies();
  for (let milliseconds = 1; milliseconds <= 1000; milliseconds += 1) latencies.connect.record(milliseconds);
  const recent = latencies.recent();
  expect(recent.connect?.count).toBe(1000);
  expect(recent.connect?.p90).toBeCloseTo(0.9, 1);
  expect(recent.firstByte).toBeUndefined();
  expect(latencies.recent().connect).toBeUndefined();
  latencies.connect.record(5000);
  expect(latencies.recent().connect).toMatchObject({ count: 1 });
  const total = latencies.total().connect!;
  expect(total.count).toBe(1001);
  expect(total.p50).toBeCloseTo(0.5, 2);
  expect(total.p99).toBeCloseTo(0.99, 2);
  expect(total.p999).toBeCloseTo(1, 2);
  expect(total.max).toBeCloseTo(5, 2);
});

it('takes what is longer than an hour, or before its time, for the nearest that it can keep', () => {
  const latencies = new Latencies();
  latencies.close.record(7_200_000);
  latencies.close.record(-0.5);
  const { max, count } = latencies.total().close!;
  expect(count).toBe(2);
  expect(max).toBe(3600);
});
