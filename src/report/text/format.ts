/** A span for people: `0.4 s`, `12.3 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A wait for people, down to milliseconds: `0.8 ms`, `12 ms`, `1.2 s`. */
export function wait(seconds: number): string {
  if (seconds >= 0.9995) return duration(seconds);
  const ms = seconds * 1000;
  return `${ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

/** A number of bytes for people: `500 bytes`, `64 KiB`, `1.5 MiB`. */
export function bytes(n: number): string {
  if (n < 1024) return count(n, 'byte');
  const [size, unit] = n < 1024 ** 2 ? [n / 1024, 'KiB'] : [n / 1024 ** 2, 'MiB'];
  return `${Number(size.toFixed(1))} ${unit}`;
}

/** A number with its noun: `1 scenario`, `2 scenarios`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Every line of `text` moved right. */
export function indent(text: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return text.replace(/^(?=.)/gm, pad);
}
