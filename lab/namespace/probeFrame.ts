import type { RuleProbe } from '../../src/contracts/agents/probeOrder.js';
import { addressBytes } from '../clients/raw/io/addresses.js';
import { checksumOf, sumOf } from '../clients/raw/packet/checksum.js';

const numbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** An Ethernet frame with a probe, which has its number where rules do not look: in IP's identification, or in IPv6's flow label. */
export function probeFrame(
  { is, source, sourcePort, destination, destinationPort }: RuleProbe,
  number: number,
  { to, from }: { readonly to: Buffer; readonly from: Buffer },
): Buffer {
  const ends = { source, sourcePort, destination, destinationPort };
  const type = Buffer.from(isSix(source) ? [0x86, 0xdd] : [0x08, 0x00]);
  return Buffer.concat([to, from, type, packetOf(is, ends, number)]);
}

type Endpoints = Pick<RuleProbe, 'source' | 'sourcePort' | 'destination' | 'destinationPort'>;

function packetOf(is: RuleProbe['is'], ends: Endpoints, number: number): Buffer {
  if (is.protocol === 'too-big') {
    const protocol = isSix(ends.source) ? numbers.icmpv6 : numbers.icmp;
    return ipPacket(ends, { protocol, number }, tooBig(ends, numbers[is.of]));
  }
  const payload = is.protocol === 'tcp' ? segment(ends, is.flags, is.hasData ? 'hello' : '') : datagram(ends);
  return ipPacket(ends, { protocol: numbers[is.protocol], number }, payload);
}

function isSix(address: string): boolean {
  return address.includes(':');
}

function ipPacket(
  { source, destination }: Pick<Endpoints, 'source' | 'destination'>,
  { protocol, number }: { readonly protocol: number; readonly number: number },
  payload: Buffer,
): Buffer {
  const addresses = Buffer.concat([addressBytes(source), addressBytes(destination)]);
  if (isSix(source)) {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(0x6000_0000 + number, 0);
    head.writeUInt16BE(payload.length, 4);
    head.writeUInt8(protocol, 6);
    head.writeUInt8(64, 7);
    return Buffer.concat([head, addresses, payload]);
  }
  const header = Buffer.concat([Buffer.alloc(12), addresses]);
  header.writeUInt16BE(0x4500, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(number, 4);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.writeUInt16BE(checksumOf(sumOf(header, 0, 20)), 10);
  return Buffer.concat([header, payload]);
}

function segment(ends: Endpoints, flags: number, text: string): Buffer {
  const made = Buffer.concat([Buffer.alloc(20), Buffer.from(text)]);
  made.writeUInt16BE(ends.sourcePort, 0);
  made.writeUInt16BE(ends.destinationPort, 2);
  made.writeUInt32BE(1000, 4);
  made.writeUInt32BE(flags === 0x02 ? 0 : 1, 8);
  made.writeUInt8(5 << 4, 12);
  made.writeUInt8(flags, 13);
  made.writeUInt16BE(8192, 14);
  made.writeUInt16BE(checksumIn(made, ends, numbers.tcp), 16);
  return made;
}

function datagram(ends: Endpoints): Buffer {
  const made = Buffer.concat([Buffer.alloc(8), Buffer.from('hello')]);
  made.writeUInt16BE(ends.sourcePort, 0);
  made.writeUInt16BE(ends.destinationPort, 2);
  made.writeUInt16BE(made.length, 4);
  made.writeUInt16BE(checksumIn(made, ends, numbers.udp), 6);
  return made;
}

function checksumIn(made: Buffer, { source, destination }: Endpoints, protocol: number): number {
  const head = Buffer.from([0, protocol, 0, made.length]);
  const pseudo = Buffer.concat([addressBytes(source), addressBytes(destination), head]);
  return checksumOf(sumOf(pseudo, 0, pseudo.length) + sumOf(made, 0, made.length));
}

/** What a router sends for whom a packet of the service was too big: it quotes it. */
function tooBig(ends: Endpoints, protocol: number): Buffer {
  const { source, sourcePort, destination, destinationPort } = ends;
  const ports = Buffer.alloc(8);
  ports.writeUInt16BE(destinationPort, 0);
  ports.writeUInt16BE(sourcePort, 2);
  const quoted = ipPacket({ source: destination, destination: source }, { protocol, number: 7 }, ports);
  const head = Buffer.from(isSix(source) ? [2, 0, 0, 0, 0, 0, 0x05, 0x78] : [3, 4, 0, 0, 0, 0, 0x05, 0x78]);
  const made = Buffer.concat([head, quoted]);
  // Of IPv6 the checksum is over the addresses, too.
  const sum = isSix(source)
    ? checksumIn(made, ends, numbers.icmpv6)
    : checksumOf(sumOf(made, 0, made.length));
  made.writeUInt16BE(sum, 2);
  return made;
}
