import type { SiteProblem } from '../model/siteProblem.js';
import type { FileLine, PlacedFile } from '../model/sourceFile.js';
import { problemAt, type Reading } from './readingOf.js';

/** A line of a file with blocks in braces, and what stands in its block. */
export interface Block {
  readonly words: readonly string[];
  readonly at: FileLine;
  readonly inner: readonly Block[];
  /** The configuration that it is a line of alone (`@backup`); undefined: it is one of all. */
  readonly onlyIn?: string | undefined;
}

/** A quoted text, a brace, a comment up to the end of the line, or a word. */
const part = /"[^"]*"?|[{}]|[#!].*|[^\s{}"#!]+/g;

/** Reads a file such as keepalived.conf: a line a statement, with blocks in braces. A brace that has no other is among the problems. */
export function readBlocks({ name, text, places }: PlacedFile): Reading<Block> {
  const top: Block[] = [];
  const open: Block[][] = [top];
  const openedAt: FileLine[] = [];
  const problems: SiteProblem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const parts = line.match(part) ?? [];
    const said = parts.filter((one) => !/^[#!]/.test(one));
    const at = { ...(places?.[index] ?? { file: name, line: index + 1 }), text: said.join(' ') };
    let statement: { readonly words: string[]; readonly at: FileLine; readonly inner: Block[] } | undefined;
    let onlyIn: string | undefined;
    for (const one of said) {
      const last = open.at(-1)?.at(-1);
      if (one === '{' && last !== undefined) {
        open.push(last.inner as Block[]);
        openedAt.push(at);
      } else if (one === '}') {
        if (openedAt.pop() === undefined)
          problems.push(problemAt(at, 'expected no `}` here, for no block is open'));
        else open.pop();
      } else if (one.startsWith('@') && statement === undefined) {
        onlyIn = one;
        continue;
      } else if (one !== '{' && statement === undefined) {
        statement = { words: [unquoted(one)], at, inner: [], ...(onlyIn !== undefined && { onlyIn }) };
        open.at(-1)?.push(statement);
        continue;
      } else if (one !== '{') {
        statement?.words.push(unquoted(one));
        continue;
      }
      statement = undefined;
    }
  }
  problems.push(
    ...openedAt.map((at) =>
      problemAt(at, 'expected a `}` for the block that begins here, found the end of the file'),
    ),
  );
  return { found: top, problems };
}

function unquoted(word: string): string {
  return word.replace(/^"([^"]*)"?$/, '$1');
}
