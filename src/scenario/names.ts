import { createHash } from 'node:crypto';

/** A container's name is also its host name, which DNS limits to this many characters. */
const longestName = 63;
const longestSuffix = '-realserver8'.length;
const hashLength = 8;

/** Labels that everything made for a plan carries; `clean` finds leftovers by them. */
export function labelsOf(runId: string, scenario: string): Readonly<Record<string, string>> {
  return { 'lvs-lab.run': runId, 'lvs-lab.scenario': scenario };
}

/** Name of a scenario's network on the engine, unique per run. */
export function networkName(runId: string, scenario: string): string {
  const full = `lvs-lab-${runId}-${scenario.replaceAll('/', '-')}`;
  const longest = longestName - longestSuffix;
  if (full.length <= longest) return full;
  // The hash is of the whole name, so that names alike at the start stay apart.
  const hash = createHash('sha256').update(full).digest('hex').slice(0, hashLength);
  return `${full.slice(0, longest - hashLength - 1).replace(/[-.]+$/, '')}-${hash}`;
}

/** Name of a node's container on the engine: the network's, then the node's. */
export function containerName(network: string, node: string): string {
  return `${network}-${node}`;
}
