/**
 * Parses the output of `conntrack -S`, one line a CPU, and sums over the CPUs. Undefined when the text holds no such line, as
 * where the kernel or the image has no conntrack.
 */
export function parseConntrackStats(text: string): Record<string, number> | undefined {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!/^cpu=\d/.test(line)) continue;
    for (const [, name = '', value] of line.matchAll(/(\w+)=(\d+)/g)) {
      if (name !== 'cpu') sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
  }
  return sums.size === 0 ? undefined : Object.fromEntries(sums);
}
