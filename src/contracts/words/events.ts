/**
 * Moments of the measured run at which something may happen. `connected`: every connection is open, or has failed. `settled`: the sockets
 * have stopped changing.
 */
export const moments = ['connected', 'settled'] as const;

/** What a node can do in mid-run. `stop-server`: its server program ends, and its kernel goes on. `take-vip`: director2 takes the VIP over. */
export const nodeActions = ['stop-server', 'take-vip'] as const;
