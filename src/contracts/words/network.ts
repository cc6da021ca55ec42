/** How IPVS forwards packets to realservers. */
export const forwardings = ['dr', 'tun', 'nat'] as const;
export type Forwarding = (typeof forwardings)[number];

/** Families of IP addresses. */
export const families = ['ipv4', 'ipv6'] as const;
export type Family = (typeof families)[number];

/** `flat`: all nodes on one network. `routed`: the client on a network of its own behind a router. */
export const layouts = ['flat', 'routed'] as const;
export type Layout = (typeof layouts)[number];

/** TCP states as `ss` spells them. */
export const tcpStates = [
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
  'LISTEN',
  'UNCONN',
] as const;
export type TcpState = (typeof tcpStates)[number];
