import type { Moment } from './curveTypes.js';

/**
 * Moments of curves with these names, no more than about `most` of them: the first and the last, and of each stretch of time those at which
 * one of the curves is lowest or highest, so that no peak is lost.
 */
export function thinned(
  moments: readonly Moment[],
  names: readonly string[],
  most: number,
): readonly Moment[] {
  if (moments.length <= most) return moments;
  const stretches = Math.max(1, Math.floor(most / (2 * Math.max(1, names.length))));
  const length = moments.length / stretches;
  const kept = new Set([0, moments.length - 1]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor(stretch * length);
    const until = Math.floor((stretch + 1) * length);
    for (const name of names) for (const index of extremes(moments, name, { from, until })) kept.add(index);
  }
  return moments.filter((_moment, index) => kept.has(index));
}

/** Where a curve is lowest and highest between two indices. */
function extremes(
  moments: readonly Moment[],
  name: string,
  { from, until }: { readonly from: number; readonly until: number },
): readonly number[] {
  const valueAt = (index: number): number => moments[index]?.values[name] ?? 0;
  let [lowest, highest] = [from, from];
  for (let index = from; index < until; index += 1) {
    if (valueAt(index) < valueAt(lowest)) lowest = index;
    if (valueAt(index) > valueAt(highest)) highest = index;
  }
  return [lowest, highest];
}
