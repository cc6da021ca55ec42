/** What packets of a service have in the fields that rules ask about: numbers of protocols, and of ICMP's messages. */
export const protocolNumbers = {
  tcp: 6,
  udp: 17,
  icmp: { ipv4: 1, ipv6: 58 },
  /** IP in IP. */
  tunnel: { ipv4: 4, ipv6: 41 },
  /** The message that a packet is too big for the path. */
  tooBig: { ipv4: { type: 3, code: 4 }, ipv6: { type: 2, code: 0 } },
} as const;
