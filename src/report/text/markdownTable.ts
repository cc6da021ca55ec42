/**
 * A table in GitHub's Markdown, not padded into columns, so that one longer cell does not change every line of a page that is kept. Cells are
 * Markdown too, in which a bar is written `\|`. There are libraries for this; without padding and escapes they would do no more than these lines.
 */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
