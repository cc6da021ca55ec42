const tableLine = /^\*(\S+)\s*$/;

/** What is wrong with a text's outline: a sentence, and the line of the text, counted from 1, where one line is to blame. */
export interface OutlineProblem {
  readonly message: string;
  readonly line?: number;
}

/**
 * What is wrong with the outline of an iptables-save text; empty when nothing is. Given a text without a table line,
 * iptables-restore exits 0 and loads nothing, so that must be caught here; a missing COMMIT is found out before a container is
 * started. iptables-restore takes `COMMIT` and `*table` for what they are only where a line is nothing else, and a rule with blanks
 * around it for the rule: so do we. The rules themselves are for iptables-restore to judge.
 */
export function outlineProblems(text: string): readonly OutlineProblem[] {
  const lines = text.split('\n');
  const returns = lines.findIndex((line) => line.endsWith('\r'));
  if (returns >= 0) {
    const message =
      'expected lines that end as Unix ends them, found a carriage return, which iptables-restore refuses';
    return [{ message, line: returns + 1 }];
  }
  const blanks = lines.flatMap((line, index) => blankProblem(line, index + 1));
  return blanks.length > 0 ? blanks : tableProblems(lines);
}

/** Words that iptables-restore looks for at the very beginning of a line, and `COMMIT` with nothing behind it either. */
function blankProblem(line: string, number: number): OutlineProblem[] {
  const word = line.trim();
  const isCommit = word === 'COMMIT' && line !== word;
  const isIndented = /^\s+[*:]/.test(line);
  if (!isCommit && !isIndented) return [];
  const where = isCommit && line.startsWith(word) ? 'behind' : 'before';
  const message = `expected no blank ${where} \`${word}\`, found one; iptables-restore refuses the line for it`;
  return [{ message, line: number }];
}

function tableProblems(lines: readonly string[]): OutlineProblem[] {
  let open: { readonly table: string; readonly line: number } | undefined;
  let tables = 0;
  for (const [index, line] of lines.entries()) {
    const table = tableLine.exec(line)?.[1];
    if (table !== undefined && open !== undefined) break;
    if (table !== undefined) [open, tables] = [{ table, line: index + 1 }, tables + 1];
    if (line === 'COMMIT') open = undefined;
  }
  if (tables === 0) {
    return [{ message: 'expected iptables-save text with a table line such as `*filter`, found none' }];
  }
  if (open === undefined) return [];
  return [
    {
      message: `expected a line \`COMMIT\` at the end of table \`*${open.table}\`, found none`,
      line: open.line,
    },
  ];
}
