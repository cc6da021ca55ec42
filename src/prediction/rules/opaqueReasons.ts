/** Matches that take a share of what passes, or so much of it in a time. On a director each packet of a service counts by itself. */
const counting: readonly string[] = [
  ...['limit', 'hashlimit', 'dstlimit', 'connlimit', 'recent', 'quota', 'quota2', 'statistic', 'nth'],
  ...['random', 'connbytes', 'rateest', 'nfacct', 'cluster'],
];

/** Matches that look at something that only a real packet has. */
const looking: readonly string[] = [
  ...['u32', 'bpf', 'string', 'length', 'ttl', 'hl', 'dscp', 'tos', 'ecn', 'tcpmss', 'mac', 'time'],
];

/** Why nobody knows whether a match that counts packets holds. */
export const countingReason = 'it counts, and every packet counts, as the director forgets flows';

/** Whether something cannot be known because it counts. */
export function isCounting(why: string): boolean {
  return why === countingReason;
}

/** What a match that cannot be known here depends on, in words. */
export function reasonOf(module: string): string {
  if (counting.includes(module)) return countingReason;
  if (looking.includes(module)) return 'it depends on what is in the packets, or on when they come';
  if (module === 'set') return 'what the set has is not in any file';
  if (module === 'owner') return 'packets that IPVS forwards have no owner';
  if (module === 'connmark') return 'the mark of the connection is not known here';
  return 'what it asks is not known here';
}
