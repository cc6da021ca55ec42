import type { Role } from '../../contracts/words/nodes.js';

/** The capabilities of each role; all others are dropped. */
export const capabilities: Readonly<Record<Role, readonly string[]>> = {
  client: [
    'NET_ADMIN', // its own packet filter, addresses, routes
    'NET_RAW', // tcpdump's packet socket; iptables-legacy's raw socket
    'SETGID', // tcpdump sets its groups even with `-Z root`, and ends when it cannot
  ],
  router: [
    'NET_ADMIN', // iptables, routes
    'NET_RAW', // tcpdump's packet socket; iptables-legacy's raw socket
    'SETGID', // tcpdump, as on the client
  ],
  director: [
    'NET_ADMIN', // ipvsadm, iptables, the VIP on eth0
    'NET_RAW', // the packet sockets of tcpdump and arping; iptables-legacy's raw socket
    'SETGID', // tcpdump, as on the client
  ],
  realserver: [
    'NET_ADMIN', // iptables, the VIP on lo or a tunnel
    'NET_RAW', // iptables-legacy's raw socket; tcpdump's packet socket
    'SETGID', // tcpdump, as on the client: people look at realservers too
    // nginx needs none: it stays root (lab/node/server), and Docker opens all ports in a container's own namespace.
  ],
};
