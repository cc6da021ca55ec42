import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { PhaseEvidence } from '../../evidence/model/types.js';
import type { Cast } from '../captures/cast.js';
import { ipvsEntriesOf, type LastEntry } from './ipvsEntries.js';
import { neighbourhoodOf, type Neighbourhood } from './neighbourhood.js';
import { portUsesOf } from '../captures/portUse.js';
import { servingEnd, type ServingEnd } from './serving.js';
import { noTrail, sightingsOf, trailOf, type Trail } from './trail.js';
import { wireOf, type Wire } from '../captures/wire.js';

/** Everything the evidence has on one connection, side by side. */
export interface Observation {
  /** The client's `address:port`. */
  readonly key: string;
  /** The key, and what it was translated to on the way to the node that serves. */
  readonly names: readonly string[];
  readonly connection: ClientConnection;
  readonly client: Trail;
  readonly server: ServingEnd;
  readonly ipvs: LastEntry | undefined;
  readonly wire: Wire;
  /** The same for all connections of a phase. */
  readonly neighbourhood: Neighbourhood;
}

/** Joins client report, sockets of both ends, IPVS entries and captures by the client's address, port and time. */
export function observe(phase: PhaseEvidence, cast: Cast): Observation[] {
  const connections = phase.load?.connections ?? [];
  const uses = portUsesOf(connections, cast, phase);
  const clientSightings = cast.client && sightingsOf(cast.client, phase);
  const serving = cast.serving.map((node) => ({ node, sightings: sightingsOf(node, phase) }));
  const entryOf = ipvsEntriesOf(phase, cast);
  const neighbourhood = neighbourhoodOf(phase, cast);
  const wireFor = wireOf(cast, phase, uses);
  return connections.flatMap((connection, index) => {
    const use = uses.all[index];
    if (use === undefined) return [];
    const wire = wireFor(use);
    const ipvs = entryOf(use, wire.director?.lastAt);
    const server = servingEnd(cast, serving, use, wire, use.next && wireFor(use.next), ipvs);
    const client =
      clientSightings && trailOf(clientSightings, [use.key], use.from, use.next?.from ?? Infinity);
    return {
      key: use.key,
      names: use.names,
      connection,
      // A kernel that gives the port out again has got rid of the connection.
      client: use.next === undefined ? (client ?? noTrail) : { states: client?.states ?? [], final: 'gone' },
      // Beside raw-socket load, what a kernel sent again was hardly ever this connection's.
      server: phase.flows === undefined ? server : { ...server, retransmitted: 0 },
      ipvs,
      wire,
      neighbourhood,
    };
  });
}
