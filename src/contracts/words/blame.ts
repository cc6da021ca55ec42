/**
 * What may be to blame for connections that are not healthy.
 *
 * - `rule`: a rule of a packet filter took their packets.
 * - `policy`: the policy of a chain did.
 * - `sysctl`: a setting of the node without which the rules would have let them in.
 * - `counter`: the kernel itself threw packets away, and counted them.
 * - `ipvs-entry`: IPVS had no entry of the connection any more (`gone`), or one whose realserver is none of the service's (`without-realserver`).
 * - `path`: packets went past the director: the clients' (`requests`) or the realservers' (`replies`).
 */
export const blameKinds = ['rule', 'policy', 'sysctl', 'counter', 'ipvs-entry', 'path'] as const;

/** What can be amiss with an entry of IPVS. */
export const entryFaults = ['gone', 'without-realserver'] as const;

/** Whose packets can go past the director. */
export const strayPackets = ['requests', 'replies'] as const;
