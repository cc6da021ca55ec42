import { clientKey, isOfService } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { SeenConnection } from './seenConnection.js';
import type { Takeover } from '../model/verdict.js';

/** Connections whose packets came to one director first and to another one later. */
export function takeoversOf(
  phase: PhaseEvidence,
  { directors }: LabNodes,
  connections: readonly SeenConnection[],
): Takeover[] {
  const entries = entriesOf(phase);
  const takeovers = new Map<string, Takeover>();
  for (const { key, wire } of connections) {
    const [first, ...later] = [...(wire.director?.firstAt ?? [])].sort(([, one], [, other]) => one - other);
    const [to, time] = later.at(-1) ?? [];
    if (first === undefined || to === undefined || time === undefined) continue;
    const [from] = first;
    const seen = entries.get(`${to} ${key}`);
    const name = `${from} ${to}`;
    const known = takeovers.get(name) ?? {
      ...{ from, to, connections: 0, known: 0, unknown: 0 },
      syncPackets: syncPacketsTo(directors, to),
    };
    takeovers.set(name, {
      ...known,
      connections: known.connections + 1,
      known: known.known + (seen !== undefined && seen <= time ? 1 : 0),
      unknown: known.unknown + (seen === undefined ? 1 : 0),
    });
  }
  return [...takeovers.values()];
}

/** `DIRECTOR ADDRESS:PORT` -> when its IPVS was first seen to have the connection. */
function entriesOf(phase: PhaseEvidence): Map<string, number> {
  const entries = new Map<string, number>();
  for (const { node, time, connections } of phase.ipvs) {
    for (const entry of connections) {
      if (!isOfService(entry, phase)) continue;
      const name = `${node} ${clientKey(entry.clientAddress, entry.clientPort)}`;
      entries.set(name, Math.min(time, entries.get(name) ?? Infinity));
    }
  }
  return entries;
}

function syncPacketsTo(directors: readonly NodeEvidence[], to: string): number {
  const receiver = directors.find(({ name }) => name === to);
  const senders = new Set(directors.filter((node) => node !== receiver).flatMap(({ macs }) => macs));
  return Object.entries(receiver?.capture?.sync ?? {})
    .filter(([mac]) => senders.has(mac))
    .reduce((sum, [, packets]) => sum + packets, 0);
}
