import type { Role } from './types.js';

/** What a role's container is given beyond the image: see `capabilities` and `sysctls` of NodePlan. */
interface RoleNeeds {
  readonly capabilities: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
}

/** All containers start with every capability dropped; these are added back. */
export const roleNeeds: Readonly<Record<Role, RoleNeeds>> = {
  client: {
    capabilities: [
      'NET_ADMIN', // its own packet filter
      'NET_RAW', // tcpdump's packet socket; iptables-legacy's raw socket
      'SETGID', // tcpdump sets its groups even with `-Z root`, and ends when it cannot
    ],
    sysctls: {},
  },
  director: {
    capabilities: [
      'NET_ADMIN', // ipvsadm, iptables, the VIP on eth0
      'NET_RAW', // tcpdump's packet socket; iptables-legacy's raw socket
      'SETGID', // tcpdump, as on the client
    ],
    sysctls: {},
  },
  realserver: {
    capabilities: [
      'NET_ADMIN', // iptables, the VIP on lo
      'NET_RAW', // iptables-legacy's raw socket
      // nginx needs none: it stays root (images/realserver), and Docker opens all ports in a container's own namespace.
    ],
    // The VIP is on lo of every realserver; only the director may answer ARP for it, or be asked from it.
    sysctls: { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' },
  },
};
