/** The segment that each way to close begins with, in words. */
export const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** How a complaint describes a close that was to follow at once. */
export const finBehindRequest = "the client's FIN right behind its request";
