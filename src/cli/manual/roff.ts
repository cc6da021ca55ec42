/** A text as roff prints it: no letter of it is taken for a request or an escape. */
export function roffText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

/** A text as the argument of a request. */
export function roffWord(text: string): string {
  return `"${roffText(text).replaceAll('"', '\\(dq')}"`;
}

/** Lines that are printed as they stand. */
export function roffExample(text: string): string {
  return `.nf\n${roffText(text)}\n.fi`;
}
