/** A flow that is stuck: a SYN; a reply that never became complete; a closing segment that nobody acknowledged; the same with data before it. */
const stuckFates = ['opening', 'transfer', 'closing', 'data'] as const;

/**
 * What became of a flow when the load was over.
 *
 * - `closed`: by both sides, or by the client's RST.
 * - `reset`: it got a RST after it was connected.
 * - `refused`: it got a RST or an ICMP error for its SYN.
 * - `opening`, `transfer`, `closing`, `data`: it is stuck.
 * - `held`: left open on purpose.
 * - `unfinished`: none of these: the load ended before its conversation did.
 */
export const flowFates = ['closed', 'reset', 'refused', ...stuckFates, 'held', 'unfinished'] as const;
export type FlowFate = (typeof flowFates)[number];

/** Ways to end that a scenario can bound the share of: `stuck` takes those fates together. */
export const flowShares = ['closed', 'stuck', 'reset', 'refused', 'held'] as const;
export type FlowShare = (typeof flowShares)[number];

/** Why a raw-socket load ended: told to, by its own deadline, or its orchestrator gone. */
export const loadEndings = ['told', 'deadline', 'orphaned'] as const;
