import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { PhaseEvidence } from '../../evidence/model/types.js';
import type { LabNodes } from '../captures/labNodes.js';
import { ipvsEntriesOf, type LastEntry } from './ipvsEntries.js';
import { addressResolutionOf, type AddressResolution } from './addressResolution.js';
import { portUsesOf } from '../captures/portUse.js';
import { servingEnd, type ServerEnd } from './serverEnd.js';
import { neverSeen, sampledSocketsOf, historyOf, type SocketHistory } from './socketHistory.js';
import { wireOf, type Wire } from '../captures/wire.js';

/** Everything the evidence has on one connection, side by side. */
export interface SeenConnection {
  /** The client's `address:port`. */
  readonly key: string;
  /** The key, and what it was translated to on the way to the node that serves. */
  readonly names: readonly string[];
  readonly report: ClientConnection;
  readonly client: SocketHistory;
  readonly server: ServerEnd;
  readonly ipvs: LastEntry | undefined;
  readonly wire: Wire;
  /** The same for all connections of a phase. */
  readonly resolution: AddressResolution;
}

/** Joins client report, sockets of both ends, IPVS entries and captures by the client's address, port and time. */
export function seenConnections(phase: PhaseEvidence, lab: LabNodes): SeenConnection[] {
  const connections = phase.load?.connections ?? [];
  const uses = portUsesOf(connections, lab, phase);
  const clientSightings = lab.client && sampledSocketsOf(lab.client, phase);
  const serving = lab.serving.map((node) => ({ node, sockets: sampledSocketsOf(node, phase) }));
  const entryOf = ipvsEntriesOf(phase, lab);
  const resolution = addressResolutionOf(phase, lab);
  const wireFor = wireOf(lab, phase, uses);
  return connections.flatMap((connection, index) => {
    const use = uses.all[index];
    if (use === undefined) return [];
    const wire = wireFor(use);
    const ipvs = entryOf(use, wire.director?.lastAt);
    const server = servingEnd(lab, serving, use, wire, use.next && wireFor(use.next), ipvs);
    const client =
      clientSightings && historyOf(clientSightings, [use.key], use.from, use.next?.from ?? Infinity);
    return {
      key: use.key,
      names: use.names,
      report: connection,
      // A kernel that gives the port out again has got rid of the connection.
      client:
        use.next === undefined ? (client ?? neverSeen) : { states: client?.states ?? [], final: 'gone' },
      // Beside raw-socket load, what a kernel sent again was hardly ever this connection's.
      server: phase.flows === undefined ? server : { ...server, retransmitted: 0 },
      ipvs,
      wire,
      resolution,
    };
  });
}
