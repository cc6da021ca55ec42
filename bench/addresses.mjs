/**
 * An IPv4 address and those that follow it in the last byte.
 * @param {string} first @param {number} count
 */
export function following(first, count) {
  const at = first.lastIndexOf('.') + 1;
  return Array.from(
    { length: count },
    (_, index) => `${first.slice(0, at)}${Number(first.slice(at)) + index}`,
  );
}
