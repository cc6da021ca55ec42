import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { icmpText } from '../../verdict/model/expectationText.js';
import type { PhaseNumbers } from '../../verdict/model/verdict.js';

/** A value that differs between two sets; undefined: the set has none. */
export interface Difference<T = string | number> {
  readonly what: string;
  readonly a: T | undefined;
  readonly b: T | undefined;
}

/**
 * The numbers of the measured phases that differ: fates, sockets, IPVS entries, ICMP errors, rejected packets, and what the raw-socket
 * load came to. Times are left out, which differ from run to run.
 */
export function numberDifferences(a: ScenarioResult, b: ScenarioResult): readonly Difference<number>[] {
  const one = numbersOf(a.verdict?.measured?.numbers);
  const other = numbersOf(b.verdict?.measured?.numbers);
  // Zero and nothing there mean the same for a count.
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((what) => ({ what, a: one.get(what) ?? 0, b: other.get(what) ?? 0 }))
    .filter(({ a: before, b: after }) => before !== after);
}

function numbersOf(numbers: PhaseNumbers | undefined): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (numbers === undefined) return found;
  const add = (what: string, count: number): void => void found.set(what, (found.get(what) ?? 0) + count);
  for (const [fate, count] of Object.entries(numbers.fates)) add(`connections ${fate}`, count);
  for (const [node, states] of Object.entries(numbers.sockets)) {
    for (const [state, count] of Object.entries(states)) add(`${state} sockets on ${node}`, count);
  }
  for (const [state, count] of Object.entries(numbers.ipvs)) add(`IPVS entries ${state}`, count);
  for (const { type, code, from, count } of numbers.icmp) add(`${icmpText(type, code)} from ${from}`, count);
  for (const { node, packets } of numbers.rejected) add(`packets rejected or dropped on ${node}`, packets);
  for (const [fate, count] of Object.entries(numbers.flows?.fates ?? {})) add(`flows ${fate}`, count);
  return found;
}
