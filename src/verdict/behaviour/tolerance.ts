/**
 * Seconds by which a client may act early: Node's timers have millisecond resolution and may fire 1 ms early. The raw agent never did
 * (8,000 waits). The rest allows for coarse clocks.
 */
export const tolerance = 0.005;
