const names: Readonly<Record<string, string>> = { S: 'SYN', F: 'FIN', R: 'RST', P: 'PSH', '.': 'ACK' };

/** The TCP flags that tcpdump abbreviates, written out: `F.` as `FIN,ACK`. */
export function flagNames(flags: string): string {
  const written = Array.from(flags, (flag) => names[flag] ?? flag);
  return written.length === 0 ? '-' : written.join(',');
}
