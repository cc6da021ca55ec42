const tableLine = /^\*(\S+)\s*$/;

/**
 * What is wrong with the outline of an iptables-save text, as a sentence; undefined when nothing is. Given a text without
 * a table line, iptables-restore exits 0 and loads nothing, so that must be caught here; a missing COMMIT is found out
 * before a container is started. The rules themselves are for iptables-restore to judge.
 */
export function outlineProblem(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  let open: string | undefined;
  let tables = 0;
  for (const line of lines) {
    const table = tableLine.exec(line)?.[1];
    if (table !== undefined && open !== undefined) break;
    if (table !== undefined) [open, tables] = [table, tables + 1];
    if (line === 'COMMIT') open = undefined;
  }
  if (tables === 0) return 'expected iptables-save text with a table line such as `*filter`, found none';
  return open === undefined
    ? undefined
    : `expected a line \`COMMIT\` at the end of table \`*${open}\`, found none`;
}
