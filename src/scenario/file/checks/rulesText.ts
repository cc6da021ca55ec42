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

/**
 * Words that iptables-restore looks for at the very beginning of a line, and `COMMIT` with nothing behind it either. A line of blanks is a
 * rule without anything to it, and so is an indented comment.
 */
function blankProblem(line: string, number: number): OutlineProblem[] {
  const word = line.trim();
  if (line !== '' && word === '') {
    const message =
      'expected a line with something in it, or an empty one, found one of blanks; iptables-restore refuses it';
    return [{ message, line: number }];
  }
  const isCommit = word === 'COMMIT' && line !== word;
  const isIndented = /^\s+[*:#]/.test(line);
  if (!isCommit && !isIndented) return [];
  const where = isCommit && line.startsWith(word) ? 'behind' : 'before';
  const message = `expected no blank ${where} \`${shown(word)}\`, found one; iptables-restore refuses the line for it`;
  return [{ message, line: number }];
}

/** The most lines of one text that are named for being outside of tables. */
const mostOutside = 20;

function tableProblems(lines: readonly string[]): OutlineProblem[] {
  let open: string | undefined;
  let tables = 0;
  const outside: OutlineProblem[] = [];
  for (const [index, line] of lines.entries()) {
    const table = tableLine.exec(line)?.[1];
    if (table !== undefined && open !== undefined)
      return [...outside, uncommitted(open, `\`*${table}\``, index + 1)];
    if (table !== undefined) [open, tables] = [table, tables + 1];
    else if (open === undefined && line !== '' && !line.startsWith('#'))
      outside.push(outsideProblem(line, index + 1));
    else if (line === 'COMMIT') open = undefined;
  }
  if (tables === 0) {
    const expected = 'expected iptables-save text with a table line such as `*filter`';
    const joined = lines.findIndex((line) => /^\*[a-z]+ +[:-]/.test(line));
    if (joined < 0) return [{ message: `${expected}, found none` }];
    const found = `found \`${shown(lines[joined] ?? '')}\` in one line; below \`|\` YAML keeps lines as they are`;
    return [{ message: `${expected}, ${found}`, line: joined + 1 }];
  }
  const named = outside.slice(0, mostOutside);
  if (open === undefined) return named;
  const last = lines.findLastIndex((line) => line !== '') + 1;
  return [...named, uncommitted(open, 'the end of the text', last)];
}

function uncommitted(table: string, found: string, line: number): OutlineProblem {
  return { message: `expected a line \`COMMIT\` at the end of table \`*${table}\`, found ${found}`, line };
}

function outsideProblem(line: string, number: number): OutlineProblem {
  const message = `expected a table line such as \`*filter\`, or a comment, outside of tables, found \`${shown(line)}\`; iptables-restore refuses the line`;
  return { message, line: number };
}

function shown(line: string): string {
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
