import type { Role } from '../../contracts/words/nodes.js';
import type { TcpState } from '../../contracts/words/network.js';
import type { NodeEvidence } from '../../evidence/model/types.js';
import { roleOf, type LabNodes } from '../captures/labNodes.js';
import { unseenSocketOf, type UnseenSocket } from './unseenSocket.js';
import type { LastEntry } from './ipvsEntries.js';
import type { PortUse } from '../captures/portUse.js';
import {
  neverSeen,
  samplesOf,
  historyOf,
  type SampledSocket,
  type SampledSockets,
  type SocketHistory,
} from './socketHistory.js';
import type { Wire } from '../captures/wire.js';

/** The server's end of a connection. */
export interface ServerEnd {
  /** The node that serves it; undefined when neither sockets, nor MACs, nor IPVS tell. */
  readonly name: string | undefined;
  readonly role: Role | undefined;
  readonly history: SocketHistory;
  /** The state of a socket that a node still holds of an earlier connection from the same port, not having taken this one. */
  readonly held: TcpState | undefined;
  /** Set where no socket of it was seen and a node translates: what is known of where it went. */
  readonly unseen: UnseenSocket | undefined;
  /** Segments that the node's kernel sent again in the whole phase, whatever connection they were of. */
  readonly retransmitted: number;
}

/** What is known of a serving node's sockets. */
export interface ServingNode {
  readonly node: NodeEvidence;
  readonly sockets: SampledSockets;
}

/** What the traffic of a connection, and what came after it on its port, tells of its server's end. */
export interface ServerTraces {
  readonly use: PortUse;
  readonly wire: Wire;
  /** Of the next connection from the same port, if there is one. */
  readonly nextWire: Wire | undefined;
  readonly entry: LastEntry | undefined;
}

/** Finds the server's end of a connection. */
export function serverEndOf(
  lab: LabNodes,
  nodes: readonly ServingNode[],
  { use, wire, nextWire, entry }: ServerTraces,
): ServerEnd {
  const known = nodeByTraffic(lab, wire, entry);
  const candidates = nodes.map(({ node, sockets }) => {
    const seen = samplesOf(sockets, use.names);
    const used = wire.portWasUsed || seen.some(({ until }) => until < use.from);
    const from = takenFrom(seen, use, wire, used);
    const history = historyOf(sockets, use.names, { from, next: use.next });
    return {
      node,
      // A port that was answered again shows that its earlier connection was over, whatever the samples had time to see.
      history: nextWire?.client?.answeredAt === undefined ? history : { ...history, final: 'gone' as const },
      used,
      held: heldState(seen, use, from),
    };
  });
  const reused = candidates.some(({ used }) => used);
  const found = candidates
    .filter(
      ({ node, history }) => history.states.length > 0 && (!reused || known === undefined || node === known),
    )
    // Where two realservers have known a connection, the one that still holds it matters.
    .sort((one, other) => rank(one.node, one.history, known) - rank(other.node, other.history, known))[0];
  const node = found?.node ?? known;
  return {
    name: node?.name,
    role: node?.role,
    history: found?.history ?? neverSeen,
    held: candidates.find(({ held }) => held !== undefined)?.held,
    unseen: found === undefined ? unseenSocket(lab.serving, use, known) : undefined,
    retransmitted: node?.counters['TcpRetransSegs'] ?? 0,
  };
}

/** By the node that is known to serve it, or else by any that says something of it. */
function unseenSocket(
  serving: readonly NodeEvidence[],
  { names }: PortUse,
  known: NodeEvidence | undefined,
): UnseenSocket | undefined {
  const nodes = known === undefined ? serving : [known];
  return nodes.map((node) => unseenSocketOf(node, names)).find((unseen) => unseen !== undefined);
}

function rank(node: NodeEvidence, trail: SocketHistory, known: NodeEvidence | undefined): number {
  return (node === known ? 0 : 1) + (trail.final === 'gone' ? 2 : 0);
}

/**
 * From when on a node's sockets with this client's end are this connection's. On a port that was used before, a socket may be
 * the earlier connection's still: it is this one's only when the SYN was answered, or when it waits for the answer to a SYN-ACK.
 */
function takenFrom(seen: readonly SampledSocket[], use: PortUse, { client }: Wire, used: boolean): number {
  // Also a listing that was begun before the SYN, and has what came of it.
  if (!used) return -Infinity;
  if (client?.answeredAt !== undefined) return client.answeredAt;
  return seen.find(({ time, state }) => time >= use.from && state === 'SYN-RECV')?.time ?? Infinity;
}

function heldState(seen: readonly SampledSocket[], use: PortUse, takenFrom: number): TcpState | undefined {
  if (takenFrom !== Infinity) return undefined;
  return seen.findLast(({ time }) => time >= use.from && time < (use.next?.from ?? Infinity))?.state;
}

/** By the SYN-ACK's MAC, which only a realserver's own tells: routers and directors pass SYN-ACKs on. Otherwise by IPVS's entry. */
function nodeByTraffic(
  lab: LabNodes,
  { client }: Wire,
  entry: LastEntry | undefined,
): NodeEvidence | undefined {
  const mac = client?.synAckFrom;
  if (mac !== undefined && roleOf(lab, mac) === 'realserver') return lab.byMac.get(mac);
  return lab.serving.find(({ addresses }) => entry !== undefined && addresses.includes(entry.realserver));
}
