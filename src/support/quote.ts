/** Words a POSIX shell takes as they are. `=` is only safe after a dash: `A=b` in front would be an assignment. */
const plainWord = /^(?:-[\w@%+=:,./-]*|[\w@%+:,./][\w@%+:,./-]*)$/;

/** One line that, pasted into a POSIX shell, runs exactly this argv. */
export function shellQuote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
