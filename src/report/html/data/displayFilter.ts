/**
 * Wireshark's display filter for one connection, by all the ends of clients (`address:port`, `[address]:port`) that it was seen with. It also
 * shows the ICMP errors that quote the connection, whose quoted headers have the same fields.
 */
export function displayFilterOf(names: readonly string[]): string | undefined {
  const ends = names.flatMap((name) => {
    const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(name) ?? [];
    if (port === undefined) return [];
    const address = six === undefined ? `ip.addr == ${four ?? ''}` : `ipv6.addr == ${six}`;
    return [`(${address} && tcp.port == ${port})`];
  });
  return ends.length === 0 ? undefined : ends.join(' || ');
}
