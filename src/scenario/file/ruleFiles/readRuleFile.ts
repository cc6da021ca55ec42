import { shellQuote } from '../../../support/quote.js';
import { readTextFile } from '../yaml/readFile.js';

/** The text of a rule file, or what is wrong with the file and what to do. */
export type RuleText = { readonly text: string } | { readonly problem: string };

const byteOrderMark = Buffer.from('\ufeff');

/** Reads a rule file as the packet filter's own programs would; `shown` is its name for people. */
export async function readRuleFile(file: string, shown: string): Promise<RuleText> {
  const content = await readTextFile(file, 'a file of rules');
  if ('problem' in content) return { problem: `${shown}: ${content.problem}; ${whereFrom}` };
  const problem = problemOf(content, shown);
  return problem === undefined ? { text: content.text } : { problem };
}

const whereFrom = "a rule file is a regular one, and its path goes from the scenario file's folder";

function problemOf(
  { bytes, text }: { readonly bytes: Buffer; readonly text: string },
  shown: string,
): string | undefined {
  const fix = (...command: readonly string[]): string => `\`${shellQuote([...command, shown])}\``;
  if (bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)) {
    return `${shown}: expected rules from its first byte on, found a byte order mark before them; ${fix('sed', '-i', '1s/^\\xEF\\xBB\\xBF//')} takes it away`;
  }
  const returned = text.indexOf('\r');
  if (returned >= 0) {
    const line = text.slice(0, returned).split('\n').length;
    return `${shown}:${line}: expected lines that end as Unix ends them, found a carriage return; ${fix('sed', '-i', 's/\\r$//')} takes them away`;
  }
  if (text !== '' && !text.endsWith('\n')) {
    return `${shown}: expected a last line that ends, found none, so the file may be cut; where nothing is missing, ${fix('sed', '-i', '$a\\')} ends it`;
  }
  return undefined;
}
