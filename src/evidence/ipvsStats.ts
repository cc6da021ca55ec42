import { EvidenceError } from './error.js';
import { nonEmptyLines } from './lines.js';

/** What a director's IPVS counted of all its services since its counters were zeroed. */
export interface IpvsStats {
  readonly connections: number;
  /** From clients, and passed on: what has no destination, or never got as far as IPVS, is not among them. */
  readonly packets: number;
}

/** Reads /proc/net/ip_vs_stats, whose third line has hexadecimal totals. Throws EvidenceError quoting what it found there. */
export function parseIpvsStats(text: string): IpvsStats {
  const totals = nonEmptyLines(text)[2] ?? '';
  const [, connections, packets] = /^\s*([\dA-F]+)\s+([\dA-F]+)\s/i.exec(totals) ?? [];
  if (connections === undefined || packets === undefined) {
    throw new EvidenceError(
      `Expected the third line of /proc/net/ip_vs_stats to have totals, found ${JSON.stringify(totals)}.`,
    );
  }
  return { connections: parseInt(connections, 16), packets: parseInt(packets, 16) };
}
