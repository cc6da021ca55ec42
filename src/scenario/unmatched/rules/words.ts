/** Splits a line into words as iptables-restore and a shell do, quotes taken away; what expands in a shell stays as it is written. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, plain, space] of line.matchAll(
    // What nobody closes goes to the line's end: else each quote in it would look for its end anew.
    /"((?:\\.|[^"\\])*)(?:"|$)|'([^']*)(?:'|$)|([^\s"']+)|(\s+)/g,
  )) {
    if (space !== undefined) words.push('');
    else words.push(`${words.pop() ?? ''}${double ?? single ?? plain ?? ''}`);
  }
  return words.filter((word) => word !== '');
}
