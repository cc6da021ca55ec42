/** How IPVS forwards packets to realservers. */
export const forwardings = ['dr', 'tun', 'nat'] as const;
export type Forwarding = (typeof forwardings)[number];

/** Transport protocols of virtual services. */
export const protocols = ['tcp', 'udp'] as const;
export type Protocol = (typeof protocols)[number];

/** Those for which IPVS has services; the lab has none of SCTP. */
export const ipvsProtocols = [...protocols, 'sctp'] as const;
export type IpvsProtocol = (typeof ipvsProtocols)[number];

/** Families of IP addresses. */
export const families = ['ipv4', 'ipv6'] as const;
export type Family = (typeof families)[number];

/** `flat`: all nodes on one network. `routed`: the client on a network of its own behind a router. */
export const layouts = ['flat', 'routed'] as const;
export type Layout = (typeof layouts)[number];

/** The lab's networks: that of the servers, and with `routed` the client's, before the router. */
export const labNetworks = ['front', 'lan'] as const;
export type LabNetwork = (typeof labNetworks)[number];

/** The way of the realservers' replies: straight to the client, or through the director, which is then their default route. */
export const replyWays = ['direct', 'director'] as const;
export type ReplyWay = (typeof replyWays)[number];

/** Docker's network modes for work outside of a lab: no network, or the engine's own network namespace. */
export type NetworkMode = 'none' | 'host';

/**
 * Networks whose addresses belong to no single host: RFC 1122 (this host, loopback), 3927 (link-local), 5771 (multicast), and 240/4, one
 * address of which is broadcast.
 */
export const notUnicast = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

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
