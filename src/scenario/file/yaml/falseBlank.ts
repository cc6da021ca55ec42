/**
 * The end of a sentence about a mistake in a line: its first character that looks like a blank and is none, as pages of the web have them. Empty: there
 * is none.
 */
export function falseBlankText(line: string): string {
  const found = /[\u00a0\u2000-\u200b\u202f\u3000]/.exec(line)?.[0];
  if (found === undefined) return '';
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `; there is a U+${code}, which looks like a blank and is none`;
}
