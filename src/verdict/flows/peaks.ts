import type { FlowEvidence } from '../../evidence/model/flowTypes.js';
import type { LabNodes } from '../captures/labNodes.js';

/** The highest count of each name over several moments. */
function peaks(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const highest = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => Object.entries(each))) {
    highest.set(name, Math.max(count, highest.get(name) ?? 0));
  }
  return Object.fromEntries(highest);
}

/** For each node that serves, the most sockets of flows that it had in each state. */
export function socketPeaks(
  { sockets }: FlowEvidence,
  { serving }: LabNodes,
): Record<string, Record<string, number>> {
  return Object.fromEntries(
    serving.map(({ name }) => [name, peaks((sockets[name] ?? []).map(({ states }) => states))]),
  );
}

/** The most IPVS entries of flows in each state, on the director that had most. */
export function ipvsPeaks({ ipvs }: FlowEvidence): Record<string, number> {
  return peaks(Object.values(ipvs).flatMap((tallies) => tallies.map(({ states }) => states)));
}

/** Bytes of a director's IPVS table at its fullest; undefined where the kernel does not say. */
export function ipvsBytes({ ipvs }: FlowEvidence): number | undefined {
  const known = Object.values(ipvs)
    .flatMap((tallies) => tallies.map(({ bytes }) => bytes))
    .filter((bytes) => bytes !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
