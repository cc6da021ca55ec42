import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { ClassifiedCaptures } from '../captures/classifiedCaptures.js';
import type { LabNodes } from '../captures/labNodes.js';
import { addressResolutionOf, type AddressResolution } from './addressResolution.js';
import { ipvsEntriesOf, type LastEntry } from './ipvsEntries.js';
import { portUsesOf } from '../captures/portUse.js';
import { staleServerOf } from './staleServer.js';
import { serverEndOf, type ServerEnd } from './serverEnd.js';
import { neverSeen, sampledSocketsOf, historyOf, type SocketHistory } from './socketHistory.js';
import { capturedConnections, type CapturedConnection } from '../captures/capturedConnection.js';

/** Everything the evidence has on one connection, side by side. */
export interface SeenConnection {
  /** The client's `address:port`. */
  readonly key: string;
  /** The key, and what it was translated to on the way to the node that serves. */
  readonly names: readonly string[];
  /** What the load agent reports of it. */
  readonly report: ClientConnection;
  /** The client's socket. */
  readonly client: SocketHistory;
  readonly server: ServerEnd;
  readonly ipvs: LastEntry | undefined;
  readonly wire: CapturedConnection;
  /** The same for all connections of a phase. */
  readonly resolution: AddressResolution;
}

/** Joins client report, sockets of both ends, IPVS entries and captures by the client's address, port and time. */
export function seenConnections(
  phase: PhaseEvidence,
  lab: LabNodes,
  captures: ClassifiedCaptures,
): SeenConnection[] {
  const uses = portUsesOf(phase.load?.connections ?? [], lab, captures);
  const clientSockets = lab.client && sampledSocketsOf(lab.client, phase, { onClient: true });
  const serving = lab.serving.map((node) => ({
    node,
    sockets: sampledSocketsOf(node, phase, { onClient: false }),
  }));
  const entryOf = ipvsEntriesOf(phase, lab);
  const resolution = addressResolutionOf(phase, lab, captures);
  const wireOf = capturedConnections(lab, captures, uses);
  return uses.all.map((use): SeenConnection => {
    const wire = wireOf(use);
    const ipvs = entryOf(use, wire.director?.lastAt);
    const nextWire = use.next && wireOf(use.next);
    const server = serverEndOf(lab, serving, { use, wire, nextWire, entry: ipvs });
    const client = clientSockets && historyOf(clientSockets, [use.key], use);
    return {
      key: use.key,
      names: use.names,
      report: use.report,
      // A kernel that gives the port out again has got rid of the connection.
      client:
        use.next === undefined ? (client ?? neverSeen) : { states: client?.states ?? [], final: 'gone' },
      // Beside raw-socket load, what a kernel sent again was hardly ever this connection's.
      server: {
        ...server,
        stale: staleServerOf(use.report, phase, lab),
        ...(phase.flows !== undefined && { retransmitted: 0 }),
      },
      ipvs,
      wire,
      resolution,
    };
  });
}
