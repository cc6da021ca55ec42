/** What a way to close is called, by what it sends. */
export const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** What a half-close is asked to be. */
export const halfClose = "a half-close, the client's FIN right behind its request";
