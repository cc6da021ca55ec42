import type { NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { KernelPassage } from '../../../evidence/model/traced.js';
import { clientKey, vipsOf } from '../../../evidence/model/connectionKey.js';
import { labNodesOf } from '../../captures/labNodes.js';
import type { ConnectionFate, PhaseFinding } from '../../model/verdict.js';
import type { FollowedNode } from '../packets/followedPackets.js';
import { named, type OtherCause } from './cause.js';
import { notSentOn } from './notSentOn.js';
import { serviceCause } from './serviceCause.js';
import { martianCause } from './martianCause.js';
import { unreceivedCause } from './unreceivedCause.js';

/** Counters of what a server's kernel throws away, and why it did. */
const droppedFor = {
  // Where there is none for the answer to a SYN, TCP counts the SYN among the dropped, too.
  IpOutNoRoutes: 'it had no route for its answer from the address that the packet was for',
  TcpExtListenOverflows: 'it had no room for the connection',
  TcpExtListenDrops: 'it had no room for the connection',
  TcpExtTCPReqQFullDrop: 'it had no room for the connection',
  TcpExtIPReversePathFilter:
    "its way back to the packet's source leads by another device than the one that the packet came by (rp_filter)",
} as const;
/** What a director's kernel counts of packets that are for no address of its own, where it does not forward. */
const notItsOwn = 'IpInAddrErrors';

/** What was followed beside the phase's own evidence. */
export interface FollowedEvidence {
  readonly nodes: readonly FollowedNode[];
  /** How the kernel's own functions met packets. */
  readonly passages: readonly KernelPassage[];
}

/** Why a connection was not healthy although no rule turned a packet of it away; undefined: nothing that was seen tells. */
export function otherCause(
  phase: PhaseEvidence,
  finding: PhaseFinding,
  connection: ConnectionFate,
  { nodes, passages }: FollowedEvidence,
): OtherCause | undefined {
  const { outcome, signal } = finding;
  const lab = labNodesOf(phase);
  if (outcome === 'bypassed')
    return {
      blame: { kind: 'path', what: 'requests' },
      because: [connection.because],
    };
  const astray = strayReply(phase, lab.client, connection);
  if (astray !== undefined) {
    const node = phase.nodes.find(({ addresses }) => addresses.includes(astray));
    return {
      blame: { kind: 'path', what: 'replies', ...named(node) },
      because: [
        `the answer came to the client from ${astray}, ${node === undefined ? "which is no node's address" : `${node.name}'s own address`}: it had gone past the director, which would have translated it back`,
      ],
    };
  }
  const entries = (director: NodeEvidence) =>
    phase.ipvs
      .findLast(({ node }) => node === director.name)
      ?.connections.filter(
        ({ clientAddress, clientPort }) => clientKey(clientAddress, clientPort) === connection.client,
      );
  for (const at of nodes.filter(({ node }) => node?.role === 'director')) {
    const ofService = serviceCause(phase, finding, connection, at);
    if (ofService !== undefined) return ofService;
  }
  if (signal.kind === 'tcp-reset' && signal.from === 'director') {
    const director = resetter(lab.client, lab.directors, connection) ?? lab.directors[0];
    if (director !== undefined && entries(director)?.length === 0)
      return {
        blame: { kind: 'ipvs-entry', what: 'gone', ...named(director) },
        because: [
          `IPVS on ${director.name} had no entry of the connection at the end`,
          `its packet went to ${director.name}'s own TCP, which knows no such connection and reset it`,
        ],
      };
  }
  for (const node of lab.directors) {
    const kept = entries(node)?.find(({ realserver }) => isDrained(node, realserver));
    if (connection.fate === 'answered-stale' && kept !== undefined)
      return {
        blame: { kind: 'ipvs-entry', what: 'drained', ...named(node) },
        because: [
          connection.because.replace(/\.$/, ''),
          `IPVS on ${node.name} still had an entry of the flow, for ${kept.realserver}: its weight of 0 is asked only where there is no entry`,
        ],
      };
    const dropped = node.conntrack?.['drop'] ?? 0;
    if (dropped > 0 && node.conntrackOfLab !== true)
      return {
        blame: { kind: 'counter', what: 'conntrack drop', ...named(node) },
        because: [
          `connection tracking on ${node.name} dropped ${String(dropped)} packets: there was no room for entries of them in its table`,
          ...thrownAway(node, connection, passages),
        ],
      };
    const strangers = node.counters[notItsOwn] ?? 0;
    if (strangers > 0 && notSentOn(node, connection.client).length > 0)
      return {
        blame: { kind: 'counter', what: notItsOwn, ...named(node) },
        because: [
          `${node.name}'s kernel threw ${strangers} packets away: they were for no address that it takes for its own, so that IPVS never saw them (${notItsOwn})`,
        ],
      };
    const orphan = entries(node)?.find(
      ({ realserver }) => node.ipvsDestinations?.includes(realserver) === false,
    );
    if (orphan !== undefined)
      return {
        blame: { kind: 'ipvs-entry', what: 'without-realserver', ...named(node) },
        because: [
          `IPVS on ${node.name} still had an entry of the connection, for ${orphan.realserver}`,
          `${orphan.realserver} was none of the service's realservers any more, and IPVS dropped the packets without a word`,
        ],
      };
  }
  for (const node of lab.serving)
    for (const [what, why] of Object.entries(droppedFor)) {
      const count = node.counters[what] ?? 0;
      if (count > 0)
        return {
          blame: { kind: 'counter', what, ...named(node) },
          because: [`${node.name}'s kernel threw ${count} packets away: ${why} (${what})`],
        };
    }
  return martianCause(phase, lab, connection) ?? unreceivedCause(phase, lab, connection);
}

/** Whether the services have this realserver with weight 0 only. */
function isDrained({ ipvsSaved = [] }: NodeEvidence, address: string): boolean {
  const own = ipvsSaved.filter(({ realserver }) => realserver === address);
  return own.length > 0 && own.every(({ weight }) => weight === 0);
}

/** That the kernel was seen to throw packets of the connection away. */
function thrownAway(
  { name, macs }: NodeEvidence,
  { client }: ConnectionFate,
  passages: readonly KernelPassage[],
): readonly string[] {
  const own = passages.filter(
    ({ mac, source, sourcePort }) => macs.includes(mac) && clientKey(source, sourcePort) === client,
  );
  const dropped = own.filter(({ isDropped, entry }) => isDropped && entry === undefined).length;
  return dropped === 0
    ? []
    : [
        `in ${name}'s kernel nf_conntrack_in threw away ${String(dropped)} of the ${String(own.length)} packets that came of this connection, before it had an entry of them`,
      ];
}

/** Another address than the VIP, from which an answer came to the connection's port. */
function strayReply(
  phase: PhaseEvidence,
  client: NodeEvidence | undefined,
  { client: key }: ConnectionFate,
): string | undefined {
  // What comes to a director's own client is translated when it has passed the interface.
  if (client?.role === 'director') return undefined;
  const vips = vipsOf(phase);
  return client?.capture?.segments.find(
    ({ source, sourcePort, destination, destinationPort }) =>
      clientKey(destination, destinationPort) === key &&
      phase.ports.includes(sourcePort) &&
      !vips.includes(source),
  )?.source;
}

/** The director that reset the connection. */
function resetter(
  client: NodeEvidence | undefined,
  directors: readonly NodeEvidence[],
  { client: key }: ConnectionFate,
): NodeEvidence | undefined {
  const reset = client?.capture?.segments.find(
    ({ flags, destination, destinationPort }) => flags.rst && clientKey(destination, destinationPort) === key,
  );
  return directors.find(({ macs }) => reset !== undefined && macs.includes(reset.sourceMac));
}
