import ipaddr from 'ipaddr.js';

const groups = 8;

/** The IPv6 address at that place of a packet, written the one way RFC 5952 allows, which is how `ss` and `ipvsadm` write it. */
export function ipv6At(packet: DataView, offset: number): string {
  const words = Array.from({ length: groups }, (_, index) => packet.getUint16(offset + index * 2));
  return new ipaddr.IPv6(words).toRFC5952String();
}
