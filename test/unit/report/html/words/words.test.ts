import { describe, expect, it } from 'vitest';
import { chinese } from '../../../../../src/report/html/words/chinese.js';
import { english } from '../../../../../src/report/html/words/english.js';

/** All texts of a language, by where they are; of functions what they make of some arguments. */
function textsOf(words: unknown, at = ''): readonly (readonly [at: string, text: string])[] {
  if (typeof words === 'string') return [[at, words]];
  if (typeof words === 'function') {
    const call = words as (...args: readonly unknown[]) => string;
    return [[at, call(...(at === '.takenBy' ? [['r']] : [2, 3, 4]))]];
  }
  return Object.entries(words as object).flatMap(([key, value]) => textsOf(value, `${at}.${key}`));
}

const untranslated = (texts: readonly (readonly [at: string, text: string])[]) =>
  texts.filter(([, text]) => !/\p{Script=Han}/u.test(text)).map(([at]) => at);

describe('the words of a page', () => {
  it('are Chinese in Chinese, and English in English, none left out', () => {
    const [own, other] = [textsOf(english), textsOf(chinese)];
    expect(other.map(([at]) => at).sort()).toEqual(own.map(([at]) => at).sort());
    expect(untranslated(other)).toEqual([]);
    expect(untranslated(own)).toHaveLength(own.length);
    expect(own.length).toBeGreaterThan(100);
  });
});
