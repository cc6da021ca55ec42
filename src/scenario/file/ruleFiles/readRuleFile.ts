import type { Place } from '../../model/place.js';
import { shellQuote } from '../../../support/quote.js';
import { type FileProblem, readTextFile } from '../yaml/readFile.js';

/** The text of a rule file; or what is wrong with the file and what to do. */
export type RuleText = { readonly text: string } | FileProblem;

const byteOrderMark = Buffer.from('\ufeff');

/** Reads a rule file as the packet filter's own programs would; `shown` is its name for people. */
export async function readRuleFile(file: string, shown: string): Promise<RuleText> {
  const content = await readTextFile(file, 'a file of rules');
  if (!('problem' in content)) return problemOf(content, shown) ?? { text: content.text };
  return content.at === undefined ? { problem: `${content.problem}; ${whereFrom}` } : content;
}

const whereFrom = "a rule file is a regular one, and its path goes from the scenario file's folder";

function problemOf(
  { bytes, text }: { readonly bytes: Buffer; readonly text: string },
  shown: string,
): FileProblem | undefined {
  const fix = (...command: readonly string[]): string => `\`${shellQuote([...command, shown])}\``;
  const lineOf = (offset: number): Place => ({ line: text.slice(0, offset).split('\n').length, column: 1 });
  if (bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)) {
    const problem = `expected rules from its first byte on, found a byte order mark before them; ${fix('sed', '-i', '1s/^\\xEF\\xBB\\xBF//')} takes it away`;
    return { problem, at: lineOf(0) };
  }
  const returned = text.indexOf('\r');
  if (returned >= 0) {
    const problem = `expected lines that end as Unix ends them, found a carriage return; ${fix('sed', '-i', 's/\\r$//')} takes them away`;
    return { problem, at: lineOf(returned) };
  }
  if (text !== '' && !text.endsWith('\n')) {
    const problem = `expected a last line that ends, found none, so the file may be cut; where nothing is missing, ${fix('sed', '-i', '$a\\')} ends it`;
    return { problem, at: lineOf(text.length) };
  }
  return undefined;
}
