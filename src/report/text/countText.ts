/** A number of bytes for people: `500 bytes`, `64 KiB`, `1.5 MiB`. */
export function bytesText(n: number): string {
  if (n < 1024) return countText(n, 'byte');
  const [size, unit] = n < 1024 ** 2 ? [n / 1024, 'KiB'] : [n / 1024 ** 2, 'MiB'];
  return `${Number(size.toFixed(1))} ${unit}`;
}

/** A number with its noun: `1 scenario`, `2 scenarios`. */
export function countText(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A text with every line moved to the right by so many spaces. */
export function indent(text: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return text.replace(/^(?=.)/gm, pad);
}
