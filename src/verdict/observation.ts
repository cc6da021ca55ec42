import { flowKey } from '../evidence/flow.js';
import type { ClientConnection, IpvsConnection, NodeEvidence, PhaseEvidence } from '../evidence/types.js';
import { type Cast } from './cast.js';
import { noTrail, trailsOf, type Trail } from './trail.js';
import { wireOf, type Wire } from './wire.js';

/** Everything the evidence has on one connection, side by side. */
export interface Observation {
  /** The client's `address:port`. */
  readonly key: string;
  readonly connection: ClientConnection;
  readonly client: Trail;
  /** Name of the realserver it went to; undefined when neither sockets, nor MACs, nor IPVS tell. */
  readonly realserverName: string | undefined;
  readonly realserver: Trail;
  /** In the last sample; undefined when IPVS has no entry for it by then. */
  readonly ipvsState: string | undefined;
  readonly wire: Wire;
}

/** Joins client report, sockets of both ends, IPVS entries and captures by the client's address and port. */
export function observe(phase: PhaseEvidence, cast: Cast): Observation[] {
  const clientTrails = cast.client && trailsOf(cast.client, phase);
  const realservers = cast.realservers.map((node) => ({ node, trails: trailsOf(node, phase) }));
  const ipvs = lastIpvsEntries(phase);
  const wire = wireOf(cast, phase);
  return (phase.load?.connections ?? []).map((connection) => {
    const key = flowKey(connection.localAddress, connection.localPort);
    const seen = wire(key);
    const found = realservers.filter(({ trails }) => trails.has(key)).sort(openFirst(key))[0];
    const entry = ipvs.get(key);
    return {
      key,
      connection,
      client: clientTrails?.get(key) ?? noTrail,
      realserverName: found?.node.name ?? realserverByTraffic(cast, seen, entry),
      realserver: found?.trails.get(key) ?? noTrail,
      ipvsState: entry?.state,
      wire: seen,
    };
  });
}

interface RealserverTrails {
  readonly node: NodeEvidence;
  readonly trails: ReadonlyMap<string, Trail>;
}

/** Where two realservers have known a connection, the one that still holds it matters. */
function openFirst(key: string) {
  const isGone = ({ trails }: RealserverTrails) => (trails.get(key)?.final === 'gone' ? 1 : 0);
  return (one: RealserverTrails, other: RealserverTrails) => isGone(one) - isGone(other);
}

function realserverByTraffic(
  cast: Cast,
  { client }: Wire,
  entry: IpvsConnection | undefined,
): string | undefined {
  const sender = client?.synAckFrom === undefined ? undefined : cast.byMac.get(client.synAckFrom);
  if (sender?.role === 'realserver') return sender.name;
  return cast.realservers.find(({ address }) => address === entry?.realserver)?.name;
}

function lastIpvsEntries(phase: PhaseEvidence): Map<string, IpvsConnection> {
  const entries = phase.ipvs.at(-1)?.connections ?? [];
  return new Map(
    entries
      .filter(({ vip, vport }) => vip === phase.vip && vport === phase.port)
      .map((entry) => [flowKey(entry.clientAddress, entry.clientPort), entry]),
  );
}
