const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECN', 'CWR'];

/** A packet's name by its headers. nft prints TCP flags as a number when no single word covers them all; later versions list the words. */
export function packetName(header: string): string {
  const flags = /\btcp flags (?:== )?(\S+(?: ?[,|] ?\w+)*)/.exec(header)?.[1];
  if (flags !== undefined) {
    const bits = /^0x[0-9a-f]+$/i.test(flags) ? Number(flags) : undefined;
    return segmentName(
      bits === undefined
        ? flags.toUpperCase().split(/[\s,|]+/)
        : flagNames.filter((_, bit) => (bits & (1 << bit)) !== 0),
    );
  }
  if (/\bicmp(?:v6)? (?:type|code)\b/.test(header)) return 'ICMP';
  if (/\budp [sd]port\b/.test(header)) return 'UDP';
  return 'other';
}

/** The name of a segment with these flags: `TCP FIN,ACK`. */
export function segmentName(flags: readonly string[]): string {
  const order = ['SYN', 'FIN', 'RST', 'PSH', 'ACK'];
  return `TCP ${order.filter((name) => flags.includes(name)).join(',') || 'none'}`;
}
