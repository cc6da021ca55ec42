/** Whether a sequence number is higher than another one. They wrap round at 2^32 (RFC 9293, section 3.4). */
export function isPast(number: number, reference: number): boolean {
  return ((number - reference) | 0) > 0;
}

/** The later of two sequence numbers, of which the first may not be known yet. */
export function later(known: number | undefined, number: number): number {
  return known === undefined || isPast(number, known) ? number : known;
}
