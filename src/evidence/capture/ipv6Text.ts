/**
 * Writes an IPv6 address, given as its eight 16-bit groups, the one way RFC 5952 allows, which is how `ss` and `ipvsadm` write it:
 * lower case, no leading zeros, `::` for the longest run of at least two zero groups, the first of equally long ones.
 */
export function formatIpv6(groups: readonly number[]): string {
  const words = groups.map((group) => group.toString(16));
  const run = longestZeroRun(groups);
  if (run.length < 2) return words.join(':');
  return `${words.slice(0, run.start).join(':')}::${words.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  groups.forEach((group, index) => {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  });
  return longest;
}
