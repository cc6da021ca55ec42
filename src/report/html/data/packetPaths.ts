import type {
  ClassifiedError,
  ClassifiedSegment,
  SegmentKind,
} from '../../../verdict/captures/classifiedCaptures.js';
import type { ConnectionSegments } from '../../../verdict/captures/connectionSegments.js';
import { flagsText } from '../../../verdict/model/expectationText.js';

/** One hop of a packet, from one node to the next; undefined: a MAC address that is none of the lab's. */
export interface Hop {
  readonly time: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A packet on its way through the lab, as the captures have it. */
export interface PacketPath {
  readonly what: SegmentKind | 'icmp';
  /** TCP flags as tcpdump writes them; of an ICMP error, those of the segment that it quotes. */
  readonly flags: string;
  /** Bytes of payload; 0 of an ICMP error. */
  readonly bytes: number;
  /** Type and code of an ICMP error. */
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
  readonly towards: 'service' | 'client';
  /** It had been sent before: the same sequence number, flags and length from the same node. */
  readonly isAgain: boolean;
  readonly hops: readonly Hop[];
  /** The node that got it, should have passed it on, and did not, by its own capture. */
  readonly endsAt: string | undefined;
}

/** A frame in one or two captures: its sender's and its receiver's. */
interface Frame extends Hop {
  /** Equal for one packet on all its hops: nobody on the way changes what this is made of. */
  readonly packet: string;
  readonly about: Pick<PacketPath, 'what' | 'flags' | 'bytes' | 'icmp' | 'towards'>;
  /** The nodes that captured it. */
  readonly capturedBy: Set<string>;
}

/** What is known of the lab's nodes, by name. */
interface Nodes {
  /** Nodes that packets are meant to end on: the client, and those that serve. */
  readonly ends: ReadonlySet<string>;
  /** Nodes whose capture has every packet that they got and sent. */
  readonly capturing: ReadonlySet<string>;
}

/** Puts the captured frames of one connection together, each packet with all its hops, in the order in which they set out. */
export function packetPathsOf(
  { client, router, directors, errors, errorsOnTheWay }: ConnectionSegments,
  nodes: Nodes,
): readonly PacketPath[] {
  const frames = distinctFrames([
    ...[...client, ...router, ...directors].map(frameOfSegment),
    ...[...errors, ...errorsOnTheWay].map(frameOfError),
  ]);
  const sent = new Set<string>();
  return joined(frames).flatMap((hops) => {
    const [first] = hops;
    if (first === undefined) return [];
    const name = `${first.from ?? ''} ${first.packet}`;
    const isAgain = sent.has(name) && isSentAgain(first);
    sent.add(name);
    const endsAt = endOf(hops, nodes);
    return [
      { ...first.about, isAgain, hops: hops.map(({ time, from, to }) => ({ time, from, to })), endsAt },
    ];
  });
}

/** The node that a packet reached and did not leave, although no packet ends there and its capture would show it leave. */
function endOf(hops: readonly Frame[], { ends, capturing }: Nodes): string | undefined {
  const last = hops.at(-1)?.to;
  return last === undefined || ends.has(last) || !capturing.has(last) ? undefined : last;
}

/** Whether a packet like an earlier one is that one sent again: an acknowledgement may be repeated for other reasons. */
function isSentAgain({ about: { what } }: Frame): boolean {
  return what !== 'icmp' && what !== 'ack';
}

/** The frames in the order of time; those that two captures have are one. */
function distinctFrames(seen: readonly Frame[]): readonly Frame[] {
  const known = new Map<string, Frame[]>();
  const found: Frame[] = [];
  for (const frame of seen.toSorted((one, other) => one.time - other.time)) {
    const [by = ''] = frame.capturedBy;
    const hop = `${frame.from ?? ''} ${frame.to ?? ''} ${frame.packet}`;
    const alike = known.get(hop) ?? [];
    const same = alike.find((other) => !other.capturedBy.has(by));
    if (same !== undefined) same.capturedBy.add(by);
    else {
      found.push(frame);
      known.set(hop, [...alike, frame]);
    }
  }
  return found;
}

/** The frames of each packet: one that leaves a node belongs to the earliest that came to the node and has not left it yet. */
function joined(frames: readonly Frame[]): readonly Frame[][] {
  const paths: Frame[][] = [];
  /** The packet and the node where it is -> its paths that wait there. */
  const waiting = new Map<string, Frame[][]>();
  for (const frame of frames) {
    const before =
      frame.from === undefined ? undefined : waiting.get(`${frame.from} ${frame.packet}`)?.shift();
    const path = before ?? [];
    if (before === undefined) paths.push(path);
    path.push(frame);
    if (frame.to === undefined) continue;
    const place = `${frame.to} ${frame.packet}`;
    const others = waiting.get(place);
    if (others === undefined) waiting.set(place, [path]);
    else others.push(path);
  }
  return paths;
}

function frameOfSegment(seen: ClassifiedSegment): Frame {
  const { segment, kind, sender, receiver, capturedBy } = seen;
  const { time, sequence, acknowledgement, payloadLength } = segment;
  const flags = flagsText(segment.flags);
  return {
    time,
    from: sender?.name,
    to: receiver?.name,
    packet: [flags, sequence, acknowledgement, payloadLength].join(' '),
    about: {
      what: kind,
      flags,
      bytes: payloadLength,
      icmp: undefined,
      towards: isToClient(seen) ? 'client' : 'service',
    },
    capturedBy: new Set([capturedBy.name]),
  };
}

/** Of a segment that is neither to nor from the service, the client's own capture tells. */
function isToClient({ direction, handling, capturedBy: { role } }: ClassifiedSegment): boolean {
  return direction === 'other' ? role === 'client' && handling === 'received' : direction === 'from-service';
}

function frameOfError({ message, quoted, sender, receiver, capturedBy }: ClassifiedError): Frame {
  const { time, type, code } = message;
  const flags = flagsText(message.quoted?.flags);
  return {
    time,
    from: sender?.name,
    to: receiver?.name,
    packet: ['icmp', type, code, flags, quoted].join(' '),
    about: { what: 'icmp', flags, bytes: 0, icmp: { type, code }, towards: 'client' },
    capturedBy: new Set([capturedBy.name]),
  };
}
