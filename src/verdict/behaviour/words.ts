/** What a way to close is called, by what it sends. */
export const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** A time in seconds, for a fault's detail. */
export function timeText(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds * 1000)} ms`;
}
