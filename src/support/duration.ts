const secondsPerUnit: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 };

/** What `parseDuration` takes; one number and one unit, so that nobody has to guess which unit a bare number has. */
export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m)$/;

/** Reads `500ms`, `1.5s` or `2m` as seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  const factor = secondsPerUnit[unit ?? ''];
  if (amount === undefined || factor === undefined) return undefined;
  // Rounded to the millisecond: 3 * 0.001 must not become 0.003000000000000001.
  return Math.round(Number(amount) * factor * 1000) / 1000;
}
