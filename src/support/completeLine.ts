/**
 * Whether a text has a line with these words in it, and the line's end. A program may write a line in several pieces, as tcpdump does the one that says where it
 * listens, and what it is asked before the last of them it answers in the middle of that line.
 */
export function hasCompleteLine(text: string, words: string): boolean {
  const begin = text.lastIndexOf(words);
  return begin >= 0 && text.includes('\n', begin);
}
