import ipaddr from 'ipaddr.js';

const groups = 8;

/** The IPv6 address at this place of a packet, in the one spelling that RFC 5952 allows; `ss` and `ipvsadm` use the same. */
export function ipv6At(packet: DataView, offset: number): string {
  const words = Array.from({ length: groups }, (_, index) => packet.getUint16(offset + index * 2));
  return new ipaddr.IPv6(words).toRFC5952String();
}
