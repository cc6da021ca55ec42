import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';
import type { IpvsStats } from '../model/flowTypes.js';

/**
 * Reads /proc/net/ip_vs_stats_percpu, which has a line per processor in hexadecimal, and sums what they have counted since the kernel made
 * the namespace. (It and ip_vs_stats also show totals, but those are up to two seconds old: ip_vs_est.c sums up that often.) Throws
 * EvidenceError that quotes what it found instead.
 */
export function parseIpvsStats(text: string): IpvsStats {
  // Totals and rates come behind the processors.
  const [counts = ''] = text.split(/^\s*~/m);
  const all = nonEmptyLines(counts).map((line) => /^\s*[\dA-F]+\s+([\dA-F]+)\s+([\dA-F]+)\s/i.exec(line));
  const processors = all.filter((found) => found !== null);
  if (processors.length === 0) {
    throw new EvidenceError(
      `Expected lines of /proc/net/ip_vs_stats_percpu, one a processor, found ${JSON.stringify(text.slice(0, 200))}.`,
    );
  }
  return processors.reduce(
    (sum, [, connections = '', packets = '']) => ({
      connections: sum.connections + parseInt(connections, 16),
      packets: sum.packets + parseInt(packets, 16),
    }),
    { connections: 0, packets: 0 },
  );
}

/** What IPVS counted between two readings. */
export function ipvsStatsSince(before: IpvsStats, after: IpvsStats): IpvsStats {
  return {
    connections: after.connections - before.connections,
    packets: after.packets - before.packets,
  };
}
