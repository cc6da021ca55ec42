import type { Recorded } from './recorded.js';
import { simulate, type ScaleMatrix, type ScalePlan, type ScaleResult } from './simulate.js';

const plans: readonly ScalePlan[] = [
  { machines: 1, cache: 'own' },
  { machines: 20, cache: 'own' },
  { machines: 20, cache: 'shared' },
  { machines: 100, cache: 'own' },
  { machines: 100, cache: 'shared' },
  { machines: 200, cache: 'own' },
  { machines: 200, cache: 'shared' },
  { machines: 1000, cache: 'own' },
  { machines: 1000, cache: 'shared' },
];

/** A matrix on few and on many machines, with caches of their own and with one for all. */
export async function scaleOf(recorded: Recorded, matrix: ScaleMatrix): Promise<readonly ScaleResult[]> {
  const results: ScaleResult[] = [];
  for (const plan of plans) results.push(await simulate(recorded, matrix, plan));
  return results;
}
