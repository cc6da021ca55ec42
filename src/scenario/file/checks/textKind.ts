import type { RuleTextKey } from '../../../contracts/words/rules.js';
import { firstLine, textKinds } from '../yaml/foreignText.js';
import type { OutlineProblem } from './rulesText.js';

/** A path that stands where the text itself should: one word, or a line that begins as paths do. No rules are as short, and none begin so. */
const pathAlone = /^(?:[^\s#*]+|(?:\.{1,2}|~)?\/[^\n]*)$/;

/** How a statement of nftables begins that could not be one of `ipset restore`, whose sets may have any name. */
const nftAlone =
  /^(?:#!|table |flush ruleset\b|(?:add|create|flush|delete|destroy) table (?:ip6?|inet|arp|bridge|netdev) )/;

/** What is wrong with a text as a whole: it is the name of a file, or a text for another key, or for none. Empty when it may be what its key takes. */
export function kindProblems(text: string, key: RuleTextKey): readonly OutlineProblem[] {
  const expected = textKinds.find(({ keys }) => keys.includes(key))?.what ?? key;
  // A NUL is told by itself, and makes a word of what is none.
  if (text.includes('\0')) return [];
  const word = text.trim();
  if (pathAlone.test(word)) {
    // Rules in a file have a line that ends.
    const isInFile = text.endsWith('\n');
    const suggestion = isInFile ? '' : `; a file that has it is named so: \`${key}: { file: ${word} }\``;
    return [{ message: `expected ${expected}, found \`${shortened(word)}\` and nothing else${suggestion}` }];
  }
  const first = firstLine(text);
  if (first === undefined) return [];
  const kinds = textKinds.filter((kind) => kind.first.test(first));
  const [other] = kinds;
  if (other === undefined || kinds.some(({ keys }) => keys.includes(key))) return [];
  if (key === 'ipset' && other.keys.includes('nftables') && !nftAlone.test(first)) return [];
  const line = text.split('\n').findIndex((one) => one.trim() === first) + 1;
  const keys = other.keys.map((one) => `\`${one}\``).join(' or ');
  const advice = other.advice ?? `that goes below ${keys}`;
  return [{ message: `expected ${expected}, found ${other.what}; ${advice}`, line }];
}

const longest = 100;

function shortened(word: string): string {
  return word.length > longest ? `${word.slice(0, longest)}...` : word;
}
