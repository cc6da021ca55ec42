/**
 * Seconds by which a client may seem early. Node's timers count whole milliseconds and so ring up to one too soon: 499.3 ms for 500 by the
 * capture, openings 1.0 ms before their time. The raw agent's never do: it reads the clock when what it waits behind has come or gone, and
 * the shortest of 8,000 waits of 500 ms, with twenty busy loops on two processors, was 500.3 ms. The rest is room for clocks of coarser grain.
 */
export const tolerance = 0.005;
