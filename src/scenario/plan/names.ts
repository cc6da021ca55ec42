import { createHash } from 'node:crypto';

/** A container's name is also its host name, which DNS limits to this many characters. */
const longestName = 63;
const longestSuffix = '-realserver8'.length;
const hashLength = 8;

/** Labels that everything made for a lab carries; `clean` finds leftovers by them. */
export function labelsOf(runId: string, lab: number): Readonly<Record<string, string>> {
  return { 'lvs-lab.run': runId, 'lvs-lab.lab': String(lab) };
}

/** What the names of a lab's networks and containers begin with, unique per run. */
export function labName(runId: string, lab: number): string {
  const full = `lvs-lab-${runId}-${lab}`;
  const longest = longestName - longestSuffix;
  if (full.length <= longest) return full;
  // The hash is of the whole name, so that names alike at the start stay apart.
  const hash = createHash('sha256').update(full).digest('hex').slice(0, hashLength);
  return `${full.slice(0, longest - hashLength - 1).replace(/[-.]+$/, '')}-${hash}`;
}

/** Name on the engine of a lab's network or node. */
export function nameIn(lab: string, part: string): string {
  return `${lab}-${part}`;
}
