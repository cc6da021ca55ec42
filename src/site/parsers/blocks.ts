import type { FileLine, PlacedFile } from '../model/sourceFile.js';

/** A line of a file with blocks in braces, and what stands in its block. */
export interface Block {
  readonly words: readonly string[];
  readonly at: FileLine;
  readonly inner: readonly Block[];
}

/** Reads a file such as keepalived.conf: a line a statement, with blocks in braces. */
export function readBlocks({ name, text, places }: PlacedFile): readonly Block[] {
  const top: Block[] = [];
  const open: Block[][] = [top];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const said = line.replace(/[#!].*$/, '').trim();
    const at = { ...(places?.[index] ?? { file: name, line: index + 1 }), text: said };
    // `{` and `}` may stand among other words of a line.
    for (const part of said.split(/([{}])/)) {
      const words = part
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '');
      const last = open.at(-1)?.at(-1);
      if (part === '{' && last !== undefined) open.push(last.inner as Block[]);
      else if (part === '}') {
        if (open.length > 1) open.pop();
      } else if (words.length > 0 && part !== '{')
        open.at(-1)?.push({ words: words.map(unquoted), at, inner: [] });
    }
  }
  return top;
}

function unquoted(word: string): string {
  return word.replace(/^"(.*)"$/, '$1');
}
