import { addressText, parseAddress } from '../../src/scenario/network/ipv4.js';

/** An IPv4 address and those that follow it, `count` in all. Throws RangeError when `first` is none. */
export function following(first: string, count: number): readonly string[] {
  const number = parseAddress(first);
  if (number === undefined) throw new RangeError(`expected an IPv4 address, found "${first}"`);
  return Array.from({ length: count }, (_, index) => addressText(number + index));
}
