/** What a way to close is called, by what it sends. */
export const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** What a half-close is asked to be. */
export const halfClose = "a half-close, the client's FIN right behind its request";

/** A time in seconds, for a fault's detail. */
export function timeText(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds * 1000)} ms`;
}
