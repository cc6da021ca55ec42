/** What a stuck flow waits for: its handshake, the rest of a reply, the acknowledgement of its closing segment, or that of data before it. */
const stuckFates = ['opening', 'transfer', 'closing', 'data'] as const;

/**
 * What became of a flow when the load was over.
 *
 * - `closed`: by both sides, or by the client's RST.
 * - `reset`: it got a RST after it was connected.
 * - `refused`: it got a RST or an ICMP error for its SYN.
 * - `opening`, `transfer`, `closing`, `data`: it is stuck.
 * - `held`: left open on purpose.
 * - `answered`, `unanswered`: of UDP, every request was answered, and every datagram of the realserver's own came; or not.
 * - `unfinished`: none of these: the load ended before its conversation did.
 */
export const flowFates = [
  ...(['closed', 'reset', 'refused'] as const),
  ...stuckFates,
  ...(['held', 'answered', 'unanswered', 'unfinished'] as const),
] as const;
export type FlowFate = (typeof flowFates)[number];

/** Fates whose share a scenario can bound; `stuck` is all stuck fates together. */
export const flowShares = ['closed', 'stuck', 'reset', 'refused', 'held', 'answered', 'unanswered'] as const;
export type FlowShare = (typeof flowShares)[number];

/** Why a raw-socket load ended: it was told to, its own deadline passed, or its orchestrator was gone. */
export const loadEndings = ['told', 'deadline', 'orphaned'] as const;
