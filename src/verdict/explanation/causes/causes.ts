import type { NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { KernelPassage } from '../../../evidence/model/traced.js';
import { clientKey, vipsOf } from '../../../evidence/model/connectionKey.js';
import { labNodesOf } from '../../captures/labNodes.js';
import type { Blame, ConnectionFate, PhaseFinding } from '../../model/verdict.js';

/** A cause that no rule is, with the sentences that show it. */
export interface OtherCause {
  readonly blame: Blame;
  readonly because: readonly string[];
}

/** Counters of what a server's kernel throws away for want of room. */
const roomCounters = ['TcpExtListenOverflows', 'TcpExtListenDrops', 'TcpExtTCPReqQFullDrop'] as const;

/**
 * Why a connection was not healthy although no rule turned a packet of it away; undefined: nothing that was seen tells. `passages` are how the
 * kernel's own functions met packets.
 */
export function otherCause(
  phase: PhaseEvidence,
  { outcome, signal }: PhaseFinding,
  connection: ConnectionFate,
  passages: readonly KernelPassage[] = [],
): OtherCause | undefined {
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
    const dropped = node.conntrack?.['drop'] ?? 0;
    if (dropped > 0 && node.conntrackOfLab !== true)
      return {
        blame: { kind: 'counter', what: 'conntrack drop', ...named(node) },
        because: [
          `connection tracking on ${node.name} dropped ${String(dropped)} packets: there was no room for entries of them in its table`,
          ...thrownAway(node, connection, passages),
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
    for (const what of roomCounters) {
      const count = node.counters[what] ?? 0;
      if (count > 0)
        return {
          blame: { kind: 'counter', what, ...named(node) },
          because: [`${node.name} had no room for the connection: ${what} rose by ${String(count)}`],
        };
    }
  return undefined;
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

const named = (node: NodeEvidence | undefined): Pick<Blame, 'node' | 'role'> =>
  node === undefined ? {} : { node: node.name, role: node.role };

/** Another address than the VIP, from which an answer came to the connection's port. */
function strayReply(
  phase: PhaseEvidence,
  client: NodeEvidence | undefined,
  { client: key }: ConnectionFate,
): string | undefined {
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
