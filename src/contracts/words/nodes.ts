/** The parts that nodes play in a lab. */
export const roles = ['director', 'realserver', 'client', 'router'] as const;
export type Role = (typeof roles)[number];

/** Which iptables loads a node's rules: the one over nf_tables, or the one with tables of its own in the kernel. */
export const iptablesFlavours = ['nft', 'legacy'] as const;
export type IptablesFlavour = (typeof iptablesFlavours)[number];

/** Who sent an ICMP error or a reset; `router` only where the topology has one. */
export const senders = [...roles, 'unknown'] as const;
export type Sender = (typeof senders)[number];
