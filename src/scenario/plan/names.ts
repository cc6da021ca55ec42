import { createHash } from 'node:crypto';

/** The most characters of a container's name, which is its host name too: the limit of DNS. */
const longestName = 63;
const longestSuffix = '-realserver8'.length;
const hashLength = 8;

/** The labels of everything that is made for a lab, by which `clean` finds leftovers. */
export function labelsOf(runId: string, lab: number): Readonly<Record<string, string>> {
  return { 'lvs-lab.run': runId, 'lvs-lab.lab': String(lab) };
}

/** The start of all names of a lab's networks and containers, unique per run. */
export function labName(runId: string, lab: number): string {
  const full = `lvs-lab-${runId}-${lab}`;
  const longest = longestName - longestSuffix;
  if (full.length <= longest) return full;
  // The hash is of the whole name, so that names alike at the start stay apart.
  const hash = createHash('sha256').update(full).digest('hex').slice(0, hashLength);
  return `${full.slice(0, longest - hashLength - 1).replace(/[-.]+$/, '')}-${hash}`;
}

/** The engine's name of a lab's network or node. */
export function nameIn(lab: string, part: string): string {
  return `${lab}-${part}`;
}
