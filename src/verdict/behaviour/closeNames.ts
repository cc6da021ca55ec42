/** The segment that each way to close begins with, in words. */
export const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** How a complaint describes the half-close that was asked for. */
export const halfClose = "a half-close, the client's FIN right behind its request";
