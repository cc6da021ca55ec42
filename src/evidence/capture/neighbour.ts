import type { IpHeader } from './ipHeader.js';
import { ipv6At } from './ipv6Text.js';
import type { CapturedNeighbour } from '../model/evidence.js';

type Message = Pick<CapturedNeighbour, 'family' | 'asks' | 'claims'>;

const arpLength = 28;
/** How an ARP message for Ethernet and IPv4 begins, with addresses of 6 and 4 bytes. */
const arpOfIpv4 = [0x0001, 0x0800, 0x0604] as const;
const arpRequest = 1;
const solicitation = 135;
const advertisement = 136;
const targetOffset = 8;
const optionsOffset = 24;
const sourceLinkAddress = 1;

/** Reads an ARP message for IPv4 (RFC 826); undefined when the bytes are no such message or too few. */
export function readArp(packet: DataView, offset: number): Message | undefined {
  if (offset + arpLength > packet.byteLength) return undefined;
  if (!arpOfIpv4.every((word, index) => packet.getUint16(offset + 2 * index) === word)) return undefined;
  const sender = ipv4At(packet, offset + 14);
  const target = ipv4At(packet, offset + 24);
  const asks = packet.getUint16(offset + 6) === arpRequest && target !== sender ? target : undefined;
  // Who has no address yet asks as 0.0.0.0, and teaches nobody.
  return { family: 'ipv4', asks, claims: sender === '0.0.0.0' ? undefined : sender };
}

/** Reads a neighbour solicitation or advertisement (RFC 4861); undefined for any other ICMPv6 message. */
export function readNeighbourDiscovery(packet: DataView, ip: IpHeader): Message | undefined {
  const at = ip.payloadOffset;
  if (ip.family !== 'ipv6' || at + optionsOffset > packet.byteLength) return undefined;
  const type = packet.getUint8(at);
  if (type !== solicitation && type !== advertisement) return undefined;
  const target = ipv6At(packet, at + targetOffset);
  if (type === advertisement) return { family: 'ipv6', asks: undefined, claims: target };
  const tells =
    at + optionsOffset < packet.byteLength && packet.getUint8(at + optionsOffset) === sourceLinkAddress;
  return { family: 'ipv6', asks: target, claims: tells ? ip.source : undefined };
}

function ipv4At(packet: DataView, offset: number): string {
  return Array.from({ length: 4 }, (_, index) => packet.getUint8(offset + index)).join('.');
}
