/** A second reading and writing of frames for the tests, which shares nothing with lab/clients/raw/packet. */

export interface WireSegment {
  readonly family: 4 | 6;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: ReadonlySet<Flag>;
  readonly window: number;
  readonly options: Buffer;
  readonly payload: Buffer;
}

export type Flag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack';
const flagNames: readonly Flag[] = ['fin', 'syn', 'rst', 'psh', 'ack'];

export const clientMac = Buffer.from('020000000001', 'hex');
export const directorMac = Buffer.from('020000000002', 'hex');

/** RFC 1071 in big numbers: one long one's complement addition, byte pair by byte pair. */
export function internetChecksum(bytes: Buffer): number {
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  let sum = 0n;
  for (let at = 0; at < even.length; at += 2) sum += BigInt(even.readUInt16BE(at));
  while (sum > 0xffffn) sum = (sum % 0x10000n) + sum / 0x10000n;
  return Number(0xffffn - sum);
}

/** Text of an address, `10.0.0.1` or 32 hexadecimal digits. */
export function addressText(bytes: Buffer): string {
  return bytes.length === 4 ? [...bytes].join('.') : bytes.toString('hex');
}

function addressBytesOf(text: string): Buffer {
  return text.includes('.') ? Buffer.from(text.split('.').map(Number)) : Buffer.from(text, 'hex');
}

/** What a frame of the load carries of this protocol; MAC addresses, length and the checksum of IPv4 are checked. */
export function payloadOf(frame: Buffer, protocol: number) {
  if (!frame.subarray(0, 6).equals(directorMac)) throw new Error('destination MAC address');
  if (!frame.subarray(6, 12).equals(clientMac)) throw new Error('source MAC address');
  const packet = frame.subarray(14);
  const isIpv4 = frame.readUInt16BE(12) === 0x0800;
  const [headerLength, addressLength, addressAt] = isIpv4 ? [20, 4, 12] : [40, 16, 8];
  const totalLength = isIpv4 ? packet.readUInt16BE(2) : 40 + packet.readUInt16BE(4);
  if (totalLength !== packet.length) throw new Error(`length ${totalLength} of ${packet.length}`);
  if (isIpv4 && internetChecksum(packet.subarray(0, 20)) !== 0) throw new Error('IPv4 checksum');
  if (packet[isIpv4 ? 9 : 6] !== protocol) throw new Error('protocol');
  const addresses = packet.subarray(addressAt, addressAt + 2 * addressLength);
  return {
    isIpv4,
    addresses,
    source: addressText(addresses.subarray(0, addressLength)),
    destination: addressText(addresses.subarray(addressLength)),
    payload: packet.subarray(headerLength),
  };
}

/** A frame of the load, all lengths and checksums checked. */
export function readFrame(frame: Buffer): WireSegment {
  const { isIpv4, addresses, source, destination, payload: tcp } = payloadOf(frame, 6);
  if (internetChecksum(Buffer.concat([pseudoHeader(addresses, tcp.length), tcp])) !== 0) {
    throw new Error('TCP checksum');
  }
  const dataAt = (tcp[12]! >> 4) * 4;
  return {
    family: isIpv4 ? 4 : 6,
    source,
    destination,
    sourcePort: tcp.readUInt16BE(0),
    destinationPort: tcp.readUInt16BE(2),
    sequence: tcp.readUInt32BE(4),
    acknowledgement: tcp.readUInt32BE(8),
    flags: new Set(flagNames.filter((_, bit) => (tcp[13]! & (1 << bit)) !== 0)),
    window: tcp.readUInt16BE(14),
    options: tcp.subarray(20, dataAt),
    payload: tcp.subarray(dataAt),
  };
}

/** What checksums above IP begin with; the protocol is TCP's unless another is given. */
export function pseudoHeader(addresses: Buffer, length: number, protocol = 6): Buffer {
  return Buffer.concat([addresses, Buffer.from([0, protocol, length >> 8, length & 0xff])]);
}

/** A frame for the client; its checksums are left zero, as offload leaves them. */
export function writeFrame(segment: Omit<WireSegment, 'family'>): Buffer {
  const { source, destination, options, payload } = segment;
  const tcp = Buffer.alloc(20 + options.length);
  tcp.writeUInt16BE(segment.sourcePort, 0);
  tcp.writeUInt16BE(segment.destinationPort, 2);
  tcp.writeUInt32BE(segment.sequence, 4);
  tcp.writeUInt32BE(segment.acknowledgement, 8);
  tcp[12] = ((20 + options.length) / 4) << 4;
  tcp[13] = flagNames.reduce((sum, flag, bit) => sum | (segment.flags.has(flag) ? 1 << bit : 0), 0);
  tcp.writeUInt16BE(segment.window, 14);
  options.copy(tcp, 20);
  return packetFrame(6, source, destination, Buffer.concat([tcp, payload]));
}

/** An ICMP error from the director about a frame of the client. */
export function icmpFrame(about: Buffer, type: number, code: number): Buffer {
  const packet = about.subarray(14);
  const { source, destination, family } = readFrame(about);
  const isIpv4 = family === 4;
  const quote = packet.subarray(0, isIpv4 ? 28 : packet.length);
  const icmp = Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), quote]);
  return packetFrame(isIpv4 ? 1 : 58, destination, source, icmp);
}

/** A frame for the client, with what is above IP. */
export function packetFrame(protocol: number, source: string, destination: string, above: Buffer): Buffer {
  const addresses = Buffer.concat([addressBytesOf(source), addressBytesOf(destination)]);
  const isIpv4 = addresses.length === 8;
  const ip = Buffer.alloc(isIpv4 ? 12 : 8);
  ip[0] = isIpv4 ? 0x45 : 0x60;
  if (isIpv4) {
    ip.writeUInt16BE(20 + above.length, 2);
    ip[8] = 64;
    ip[9] = protocol;
  } else {
    ip.writeUInt16BE(above.length, 4);
    ip[6] = protocol;
    ip[7] = 64;
  }
  const etherType = Buffer.from(isIpv4 ? '0800' : '86dd', 'hex');
  return Buffer.concat([clientMac, directorMac, etherType, ip, addresses, above]);
}
