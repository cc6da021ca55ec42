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

/**
 * How a time span came about, which decides how it is written: it was `measured`; it is usually so `short` that milliseconds count; or
 * somebody `set` it, so it is written exactly.
 */
export type SpanKind = 'measured' | 'short' | 'set';

/** Seconds for people: `12.3 s`, `3 min 20 s`; short ones `0.8 ms`, `12 ms`, `1.2 s`; set ones `100 ms`, `1.5 s`, `120 s`. */
export function durationText(seconds: number, kind: SpanKind = 'measured'): string {
  if (kind === 'set') return setText(Math.round(seconds * 1000));
  if (kind === 'short' && seconds < 0.9995) return shortText(seconds * 1000);
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function setText(ms: number): string {
  return ms > 0 && ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

function shortText(ms: number): string {
  return `${ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
