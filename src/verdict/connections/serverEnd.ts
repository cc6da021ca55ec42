import type { Role } from '../../contracts/words/nodes.js';
import type { TcpState } from '../../contracts/words/network.js';
import type { NodeEvidence } from '../../evidence/model/evidence.js';
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
import type { CapturedConnection } from '../captures/capturedConnection.js';

/** The server's end of a connection. */
export interface ServerEnd {
  /** The node that serves it; undefined when neither sockets, nor MACs, nor IPVS tell. */
  readonly name: string | undefined;
  readonly role: Role | undefined;
  readonly history: SocketHistory;
  /**
   * The state of a socket that belongs to an earlier connection from the same port, which is why the node did not accept this one;
   * undefined: there is none.
   */
  readonly held: TcpState | undefined;
  /** Set when no socket of it was seen, and a node's translation explains that. */
  readonly unseen: UnseenSocket | undefined;
  /** Why the node that answered a client of UDP should not have; undefined: nothing speaks against it. */
  readonly stale: string | undefined;
  /** Segments that the node's kernel sent again in the whole phase, whatever connection they were of. */
  readonly retransmitted: number;
}

/** What is known of a serving node's sockets. */
export interface ServingNode {
  readonly node: NodeEvidence;
  readonly sockets: SampledSockets;
}

/** What else is known of a connection, which helps to find its server's end. */
export interface ServerTraces {
  readonly use: PortUse;
  readonly wire: CapturedConnection;
  /** Of the next connection from the same port, if there is one. */
  readonly nextWire: CapturedConnection | undefined;
  readonly entry: LastEntry | undefined;
}

/** Finds the server's end of a connection. */
export function serverEndOf(
  lab: LabNodes,
  nodes: readonly ServingNode[],
  { use, wire, nextWire, entry }: ServerTraces,
): ServerEnd {
  const known =
    lab.byName.get(use.report.datagrams?.replies.at(-1)?.by ?? '') ?? nodeByTraffic(lab, wire, entry);
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
    stale: undefined,
    retransmitted: node?.counters['TcpRetransSegs'] ?? 0,
  };
}

/** Looks on the node that is known to serve the connection, or else on all that may. */
function unseenSocket(
  serving: readonly NodeEvidence[],
  { names }: PortUse,
  known: NodeEvidence | undefined,
): UnseenSocket | undefined {
  const nodes = known === undefined ? serving : [known];
  return nodes.map((node) => unseenSocketOf(node, names)).find((unseen) => unseen !== undefined);
}

function rank(node: NodeEvidence, history: SocketHistory, known: NodeEvidence | undefined): number {
  return (node === known ? 0 : 1) + (history.final === 'gone' ? 2 : 0);
}

/**
 * The time from which on a node's sockets with this client's end belong to this connection. If the port was used before, a socket may
 * still be the earlier connection's: it is this one's once the SYN was answered, or when it is in SYN-RECV.
 */
function takenFrom(
  seen: readonly SampledSocket[],
  use: PortUse,
  { client }: CapturedConnection,
  used: boolean,
): number {
  // Also a listing that was begun before the SYN, and has what came of it.
  if (!used) return -Infinity;
  if (client?.answeredAt !== undefined) return client.answeredAt;
  return seen.find(({ time, state }) => time >= use.from && state === 'SYN-RECV')?.time ?? Infinity;
}

function heldState(seen: readonly SampledSocket[], use: PortUse, takenFrom: number): TcpState | undefined {
  if (takenFrom !== Infinity) return undefined;
  return seen.findLast(({ time }) => time >= use.from && time < (use.next?.from ?? Infinity))?.state;
}

/**
 * The node that serves a connection: the realserver whose MAC address its SYN-ACK came from. Where that is a router's or a
 * director's, which only pass it on, the node that IPVS's entry names.
 */
function nodeByTraffic(
  lab: LabNodes,
  { client }: CapturedConnection,
  entry: LastEntry | undefined,
): NodeEvidence | undefined {
  const mac = client?.synAckFrom;
  if (mac !== undefined && roleOf(lab, mac) === 'realserver') return lab.byMac.get(mac);
  return lab.serving.find(({ addresses }) => entry !== undefined && addresses.includes(entry.realserver));
}
