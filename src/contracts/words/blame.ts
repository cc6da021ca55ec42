/**
 * What may be to blame for connections that are not healthy.
 *
 * - `rule`: a rule of a packet filter took their packets.
 * - `policy`: the policy of a chain did.
 * - `sysctl`: a setting of the node without which the rules would have let them in.
 * - `counter`: the kernel itself threw packets away, and counted them.
 * - `ipvs-service`: IPVS had no such service when the packet came (`gone`), or one whose scheduler found no realserver (`without-realserver`).
 * - `ipvs-entry`: IPVS had no entry of the connection any more (`gone`), one whose realserver is none of the service's (`without-realserver`), or
 *   one that kept a client with a realserver of weight 0 (`drained`).
 * - `path`: packets went past the director, the clients' (`requests`) or the realservers' (`replies`), or what the director sent on did not come
 *   to the realserver (`forwarded`); or came to it from an address of its own, which a kernel throws away (`martians`).
 */
export const blameKinds = [
  'rule',
  'policy',
  'sysctl',
  'counter',
  'ipvs-service',
  'ipvs-entry',
  'path',
] as const;

/** What can be amiss with a service of IPVS. */
export const serviceFaults = ['gone', 'without-realserver'] as const;

/** What can be amiss with an entry of IPVS. */
export const entryFaults = ['gone', 'without-realserver', 'drained'] as const;

/** Whose packets can go astray. */
export const strayPackets = ['requests', 'replies', 'forwarded', 'martians'] as const;
