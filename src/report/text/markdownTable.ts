/** A table as GitHub's Markdown has it. Cells are Markdown, with `\|` for a bar of their own. */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
