import type { ConntrackState } from '../../prediction/model/filter.js';
import { isOption, optionNames, type RuleWord, wordsIn } from './ruleWords.js';

/** A rule without its question for a state; undefined: it has none that can be taken away. */
export function withoutState(line: string): string | undefined {
  const words = wordsIn(line);
  const value = valueOfState(words);
  if (value === undefined) return undefined;
  const isGone = (word: RuleWord, index: number): boolean => {
    const [before, behind] = [words[index - 1], words[index + 1]];
    if (word === value || isOption(word, optionNames.states)) return true;
    if (word.text === '!')
      return behind !== undefined && (behind === value || isOption(behind, optionNames.states));
    if (isOption(word, optionNames.match)) return isStateModule(behind);
    return isStateModule(word) && before !== undefined && isOption(before, optionNames.match);
  };
  const gone = words.map(isGone);
  // What is taken away ends where the next word begins, so that one blank stays.
  return words.reduceRight((text, { start, end }, index) => {
    if (gone[index] !== true) return text;
    const next = words[index + 1]?.start ?? end;
    return text.slice(0, start) + text.slice(next);
  }, line);
}

/** A rule that takes packets in these states as well; undefined: it does not list any. */
export function withStates(line: string, states: readonly ConntrackState[]): string | undefined {
  const words = wordsIn(line);
  const value = valueOfState(words);
  const index = value === undefined ? -1 : words.indexOf(value);
  if (value === undefined || words[index - 1]?.text === '!' || words[index - 2]?.text === '!')
    return undefined;
  const known = value.text.split(',');
  const more = states.filter((state) => !known.includes(state));
  if (more.length === 0) return undefined;
  return line.slice(0, value.end) + more.map((state) => `,${state}`).join('') + line.slice(value.end);
}

function valueOfState(words: readonly RuleWord[]): RuleWord | undefined {
  const index = words.findIndex((word) => isOption(word, optionNames.states));
  if (index < 0) return undefined;
  return words[index + 1]?.text === '!' ? words[index + 2] : words[index + 1];
}

function isStateModule(word: RuleWord | undefined): boolean {
  return word?.text === 'state' || word?.text === 'conntrack';
}
