/**
 * What `conntrack -S` counted between two moments. The kernel never resets these counters while a namespace exists, so those of a node that
 * has seen other scenarios mean nothing alone; without an earlier text, all of them count. Undefined in the same cases as
 * `parseConntrackStats`.
 */
export function conntrackIncrements(after: string, before: string): Record<string, number> | undefined {
  const then = parseConntrackStats(before) ?? {};
  const now = parseConntrackStats(after);
  return (
    now && Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (then[name] ?? 0)]))
  );
}

/**
 * Parses the output of `conntrack -S`, which has a line per CPU, and sums over the CPUs. Undefined when there is no such line, because the
 * kernel or the image has no conntrack.
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
