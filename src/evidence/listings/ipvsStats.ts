import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';
import type { IpvsStats } from '../model/flowTypes.js';

/**
 * Reads /proc/net/ip_vs_stats_percpu, a line a processor in hexadecimal, and sums what they counted since the kernel made the
 * namespace. (The totals that it and ip_vs_stats have as well are as old as two seconds: ip_vs_est.c sums up that often.) Throws
 * EvidenceError quoting what it found instead.
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

/** What was counted between two readings. */
export function ipvsStatsSince(before: IpvsStats, after: IpvsStats): IpvsStats {
  return {
    connections: after.connections - before.connections,
    packets: after.packets - before.packets,
  };
}
