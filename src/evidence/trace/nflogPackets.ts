import type { IpHeader } from '../capture/ipHeader.js';
import { readIp } from '../capture/ip.js';
import { readPcapRecords } from '../capture/pcap/pcapRecords.js';
import { readTcp } from '../capture/tcp.js';
import { readUdp } from '../capture/udp.js';
import type { TracedPacket, TracedStep } from '../model/traced.js';
import { segmentName } from '../listings/packetFilter/packetName.js';

const nflog = {
  linkType: 239,
  name: "the packet filter's own log",
  hint: 'Capture on nflog:0, to which TRACE of iptables-legacy writes.',
};
/** Attributes of a message. Source: linux/netfilter/nfnetlink_log.h. */
const attributes = { payload: 9, prefix: 10 };
const messageHeaderLength = 4;

/** What iptables-legacy says of a packet that is traced: `TRACE: filter:INPUT:rule:5 `. */
const saying = /^TRACE: ([^:]+):(.+):(rule|return|policy):(\d+) /;
/** The chains whose first rule is the lab's own, which has packets traced. */
const ways: Readonly<Record<string, TracedPacket['way'] | undefined>> = {
  'raw PREROUTING': 'arrived',
  'raw OUTPUT': 'left',
};

/** A packet while its records are read. */
interface UnfinishedPacket {
  readonly packet: TracedPacket;
  readonly steps: TracedStep[];
}

/**
 * Parses a pcap of `nflog:0` with what TRACE of iptables-legacy says: packets in the order in which they came. A packet begins in a chain
 * of table raw. Rules are told by their numbers, without those that the lab has put in front. Throws EvidenceError when it is no such pcap.
 */
export function parseNflogPackets(file: Uint8Array): TracedPacket[] {
  const packets: TracedPacket[] = [];
  const current = new Map<string, UnfinishedPacket>();
  readPcapRecords(file, nflog, (_time, record) => {
    const read = readRecord(record);
    if (read === undefined) return;
    const { table, chain, kind, number, packet, key } = read;
    const way = ways[`${table} ${chain}`];
    let known = current.get(key);
    if (way !== undefined && !isInRaw(known, way)) {
      const steps: TracedStep[] = [];
      known = { packet: { ...packet, way, steps }, steps };
      current.set(key, known);
      packets.push(known.packet);
    }
    if (kind === 'return' || known === undefined) return;
    const rule = kind === 'policy' ? `-P ${chain}` : way === undefined ? number : number - 1;
    known.steps.push({ family: read.family, table, chain, rule, verdict: undefined });
  });
  return packets;
}

/** Whether a packet is still in the chain in which it began: with the policy it leaves it. */
function isInRaw(known: UnfinishedPacket | undefined, way: TracedPacket['way']): boolean {
  if (known?.packet.way !== way) return false;
  return known.steps.every(({ table, rule }) => table === 'raw' && typeof rule === 'number');
}

function readRecord(record: DataView) {
  const found = attributesOf(record);
  const said = found.get(attributes.prefix);
  const payload = found.get(attributes.payload);
  const [, table = '', chain = '', kind = '', number] = saying.exec(textOf(said)) ?? [];
  if (number === undefined || payload === undefined) return undefined;
  const ip = readIp(payload, 0, payload.byteLength);
  if (ip === undefined) return undefined;
  const id = ip.family === 'ipv4' ? payload.getUint16(4) : undefined;
  const packet = readPacket(payload, ip);
  const key = [ip.source, ip.destination, id ?? '', packet.key].join(' ');
  const family = ip.family === 'ipv4' ? 'ip' : 'ip6';
  return { table, chain, kind, number: Number(number), family, key, packet: { ...packet.named, id } };
}

type Named = Omit<TracedPacket, 'way' | 'steps'>;

function readPacket(
  payload: DataView,
  { source, destination, protocol, payloadOffset, payloadLength }: IpHeader,
): { readonly named: Omit<Named, 'id'>; readonly key: string } {
  const unknown = { sourcePort: undefined, destinationPort: undefined, message: undefined, state: undefined };
  const named = { ...unknown, source, destination };
  if (protocol === 6) {
    const tcp = readTcp(payload, payloadOffset, payloadLength);
    if (tcp === undefined) return { named: { ...named, kind: 'other' }, key: 'tcp' };
    const { sourcePort, destinationPort, flags, sequence, acknowledgement } = tcp;
    const set = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name.toUpperCase()] : []));
    const kind = segmentName(set);
    return {
      named: { ...named, kind, sourcePort, destinationPort },
      key: [sourcePort, destinationPort, kind, sequence, acknowledgement].join(' '),
    };
  }
  if ((protocol === 1 || protocol === 58) && payloadOffset + 2 <= payload.byteLength) {
    const type = payload.getUint8(payloadOffset);
    const message = messageName(protocol, type, payload.getUint8(payloadOffset + 1));
    return { named: { ...named, kind: 'ICMP', message }, key: message };
  }
  const datagram = protocol === 17 ? readUdp(payload, payloadOffset) : undefined;
  if (datagram === undefined) return { named: { ...named, kind: 'other' }, key: String(protocol) };
  const { sourcePort, destinationPort, payloadLength: bytes } = datagram;
  return {
    named: { ...named, kind: 'UDP', sourcePort, destinationPort },
    key: ['udp', sourcePort, destinationPort, bytes].join(' '),
  };
}

/** Neighbour discovery by the names that nft has for it, other messages by type and code. */
function messageName(protocol: number, type: number, code: number): string {
  if (protocol === 58 && type === 135) return 'nd-neighbor-solicit';
  if (protocol === 58 && type === 136) return 'nd-neighbor-advert';
  return `type ${type} code ${code}`;
}

/** The attributes of a message by type; those behind one that is cut are left out. */
function attributesOf(record: DataView): ReadonlyMap<number, DataView> {
  const found = new Map<number, DataView>();
  let at = messageHeaderLength;
  while (at + 4 <= record.byteLength) {
    // tcpdump writes them in the byte order of the machine.
    const length = record.getUint16(at, true);
    const type = record.getUint16(at + 2, true) & 0x7fff;
    if (length < 4 || at + length > record.byteLength) break;
    found.set(type, new DataView(record.buffer, record.byteOffset + at + 4, length - 4));
    at += (length + 3) & ~3;
  }
  return found;
}

function textOf(bytes: DataView | undefined): string {
  if (bytes === undefined) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/\0.*$/s, '');
}
