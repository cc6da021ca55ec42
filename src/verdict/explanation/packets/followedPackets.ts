import type { CapturedSegment, NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { KernelPassage, TracedNode, TracedPacket, TracedStep } from '../../../evidence/model/traced.js';
import { segmentName } from '../../../evidence/listings/packetFilter/packetName.js';
import { kernelView } from './kernelView.js';
import { NodeRules, type KnownRule } from './knownRule.js';

/** A node on which packets were followed, with its rules. */
export interface FollowedNode {
  readonly name: string;
  readonly traced: TracedNode;
  /** What else it recorded meanwhile; undefined: it cannot be told. */
  readonly node: NodeEvidence | undefined;
  readonly rules: NodeRules;
  /** How functions of the kernel met packets that came to it; empty where they were not followed. */
  readonly kernel: ReadonlyMap<TracedPacket, KernelPassage>;
  /** The same rules with what they had counted at the end. */
  readonly after: NodeRules;
}

/** A packet that went no further than a rule or policy. */
export interface Refusal {
  readonly at: FollowedNode;
  readonly packet: TracedPacket;
  readonly step: TracedStep;
  readonly rule: KnownRule;
}

/** The nodes on which packets were followed, in the order in which a client's packet comes to them; the client itself is last. */
export function followedNodes(
  nodes: readonly TracedNode[],
  phase: PhaseEvidence | undefined,
  passages: readonly KernelPassage[] = [],
): readonly FollowedNode[] {
  const order = ['router', 'director', 'realserver', 'client'];
  return nodes
    .map((traced): FollowedNode => {
      const node = phase?.nodes.find(({ name }) => name === traced.name);
      const rules = new NodeRules(node?.rules ?? [], traced.sources);
      const after = new NodeRules(traced.after ?? [], traced.sources);
      const own = passages.filter(({ mac }) => node?.macs.includes(mac) === true);
      // Only a director has IPVS. What was seen of it elsewhere was another packet's, in an sk_buff that had been this one's.
      const met = node?.role === 'director' ? own : own.map((one) => ({ ...one, sentBy: undefined }));
      const kernel = kernelView(traced.packets ?? [], met);
      return { name: traced.name, traced, node, rules, after, kernel };
    })
    .toSorted((one, other) => order.indexOf(one.node?.role ?? '') - order.indexOf(other.node?.role ?? ''));
}

/** Packets that were turned away on a node, in their order. */
export function refusalsOn(at: FollowedNode, packets: readonly TracedPacket[]): readonly Refusal[] {
  return packets.flatMap((packet) => {
    const step = packet.steps.find((one) => at.rules.turnsAway(one));
    return step === undefined ? [] : [{ at, packet, step, rule: at.rules.of(step) }];
  });
}

/**
 * How to tell which packets are a connection's: by the client's port; or, when that is translated on the way and there is only one connection, by
 * the service's ports.
 */
export interface ConnectionKey {
  readonly port: number;
  readonly ports: readonly number[];
  readonly isAlone: boolean;
}

/** Whether a packet has ports, and is of this connection. */
export function isOf(
  { sourcePort, destinationPort }: TracedPacket,
  { port, ports, isAlone }: ConnectionKey,
): boolean {
  if (sourcePort === undefined || destinationPort === undefined) return false;
  if (sourcePort === port || destinationPort === port) return true;
  return isAlone && (ports.includes(sourcePort) || ports.includes(destinationPort));
}

/** Whether the client sent it, and not the service. */
export function isFromClient({ destinationPort }: TracedPacket, { ports }: ConnectionKey): boolean {
  return destinationPort !== undefined && ports.includes(destinationPort);
}

/** A packet in the node's capture. */
export interface Captured {
  /** Its number in the file. */
  readonly frame: number | undefined;
  /** Seconds from the connection's first packet that came to the node. */
  readonly seconds: number;
}

/** A packet that came to the node, in the node's capture; undefined: it cannot be told. */
export function capturedAs(
  { node }: FollowedNode,
  packet: TracedPacket,
  among: readonly TracedPacket[],
): Captured | undefined {
  if (node?.capture === undefined || packet.way !== 'arrived') return undefined;
  const { sourcePort, destinationPort } = packet;
  const arrived = node.capture.segments.filter(
    ({ destinationMac, tunnelled, ...one }) =>
      node.macs.includes(destinationMac) &&
      !tunnelled &&
      [one.sourcePort, one.destinationPort].includes(sourcePort ?? -1) &&
      [one.sourcePort, one.destinationPort].includes(destinationPort ?? -1),
  );
  const alike = among.filter(
    ({ way, kind, sourcePort: port }) => way === 'arrived' && kind === packet.kind && port === sourcePort,
  );
  const same = arrived.filter((one) => one.sourcePort === sourcePort && capturedKind(one) === packet.kind)[
    alike.indexOf(packet)
  ];
  const [first] = arrived;
  return same === undefined || first === undefined
    ? undefined
    : { frame: same.frame, seconds: same.time - first.time };
}

/** The name that a trace has for a captured segment of this kind. */
export function capturedKind({ udp, flags }: CapturedSegment): string {
  return udp === true ? 'UDP' : segmentName(flagWords(flags));
}

const flagWords = (flags: Readonly<Record<string, boolean>>): readonly string[] =>
  Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name.toUpperCase()] : []));

/** The packet as it left the node again, if it did. */
export function sentOn(packet: TracedPacket, among: readonly TracedPacket[]): TracedPacket | undefined {
  const alike = ({ way, kind, sourcePort, destinationPort, id }: TracedPacket): string =>
    [way, kind, sourcePort, destinationPort, id].join(' ');
  const same = among.filter((one) => alike(one) === alike(packet));
  const left = among.filter((one) => alike(one) === alike({ ...packet, way: 'left' }));
  return left[same.indexOf(packet)];
}
