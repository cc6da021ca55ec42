/** A table in GitHub's Markdown. Cells are Markdown too, in which a bar is written `\|`. */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
