import { iptablesWords } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { spanOf, wordAt } from '../../scenario/syntax/word.js';

/** A word of a rule of iptables, and where it stands in its line. */
export interface RuleWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a line as iptables-restore has them; quotes are left to the words that they are around. */
export function wordsIn(line: string): readonly RuleWord[] {
  return iptablesWords(wordAt(line, 0)).flatMap((word): RuleWord[] => {
    const span = spanOf(word);
    if (span !== undefined) return [{ text: word.text, ...span }];
    const [first] = word.segments;
    const last = word.segments.at(-1);
    return first === undefined || last === undefined
      ? []
      : [{ text: word.text, start: first.start, end: last.start + last.length }];
  });
}

/** Whether a word is an option with one of these names. */
export function isOption({ text }: RuleWord, names: readonly string[]): boolean {
  return names.includes(text);
}

/** Short and long names of options that rules are read for here. */
export const optionNames = {
  append: ['-A', '--append'],
  match: ['-m', '--match'],
  states: ['--state', '--ctstate'],
} as const;
