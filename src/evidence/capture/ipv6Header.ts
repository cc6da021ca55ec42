import type { IpHeader } from './ipHeader.js';
import { ipv6At } from './ipv6Text.js';

const headerLength = 40;
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const destinationOptions = 60;

/**
 * Reads an IPv6 header and the extension headers after it (RFC 8200); undefined when the bytes are no such header or too few. `available`
 * is the number of bytes on the wire from `offset` on. It replaces a payload length of zero, which a capture shows for packets above 64 KiB
 * before segmentation. The payload of a later fragment has no header of its own: mind `fragmentOffset`.
 */
export function readIpv6(packet: DataView, offset: number, available: number): IpHeader | undefined {
  if (offset + headerLength > packet.byteLength || packet.getUint8(offset) >> 4 !== 6) return undefined;
  const end = offset + headerLength + (packet.getUint16(offset + 4) || available - headerLength);
  const payload = passExtensions(packet, packet.getUint8(offset + 6), offset + headerLength);
  if (payload === undefined || payload.offset > end) return undefined;
  return {
    family: 'ipv6',
    source: ipv6At(packet, offset + 8),
    destination: ipv6At(packet, offset + 24),
    protocol: payload.protocol,
    ttl: packet.getUint8(offset + 7),
    fragmentOffset: payload.fragmentOffset,
    payloadOffset: payload.offset,
    payloadLength: end - payload.offset,
  };
}

interface Payload {
  readonly protocol: number;
  readonly offset: number;
  readonly fragmentOffset: number;
}

function passExtensions(packet: DataView, first: number, start: number): Payload | undefined {
  let [protocol, offset, fragmentOffset] = [first, start, 0];
  while (fragmentOffset === 0 && isExtension(protocol)) {
    if (offset + 8 > packet.byteLength) return undefined;
    if (protocol === fragment) fragmentOffset = packet.getUint16(offset + 2) >> 3;
    const length = protocol === fragment ? 8 : (packet.getUint8(offset + 1) + 1) * 8;
    protocol = packet.getUint8(offset);
    offset += length;
  }
  return { protocol, offset, fragmentOffset };
}

function isExtension(protocol: number): boolean {
  return (
    protocol === hopByHop || protocol === routing || protocol === fragment || protocol === destinationOptions
  );
}
