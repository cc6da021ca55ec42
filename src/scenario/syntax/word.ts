/** A part of a word's text that stands in its source just so. */
interface Segment {
  /** Where it begins in the word's text. */
  readonly at: number;
  /** Where it begins in the source. */
  readonly start: number;
  readonly length: number;
}

/**
 * A word as a program gets it, and where its text comes from. With quotes, escapes and variables that may be several places in the source, or
 * none.
 */
export interface Word {
  readonly text: string;
  /** In the order of the text; what is in none of them is not in the source. */
  readonly segments: readonly Segment[];
}

/** A part of a source, from its first character to the one behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word that stands in its source as it is. */
export function wordAt(text: string, start: number): Word {
  return { text, segments: text === '' ? [] : [{ at: 0, start, length: text.length }] };
}

/** A part of a word, as a word of its own. */
export function sliceOf({ text, segments }: Word, from: number, to = text.length): Word {
  const [only] = segments;
  if (segments.length === 1 && only?.at === 0 && only.length === text.length)
    return wordAt(text.slice(from, to), only.start + from);
  const found: Segment[] = [];
  for (let index = firstBehind(segments, from); index < segments.length; index += 1) {
    const segment = segments[index];
    if (segment === undefined || segment.at >= to) break;
    const begin = Math.max(segment.at, from);
    const length = Math.min(segment.at + segment.length, to) - begin;
    found.push({ at: begin - from, start: segment.start + begin - segment.at, length });
  }
  return { text: text.slice(from, to), segments: found };
}

/** The first segment that ends behind a place in the text. A command may be megabytes of words. */
function firstBehind(segments: readonly Segment[], place: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { at = 0, length = 0 } = segments[middle] ?? {};
    if (at + length > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Joins words into one, with a text between them that is in no source. */
export function joinWords(words: readonly Word[], between = ''): Word {
  const segments: Segment[] = [];
  let length = 0;
  for (const [index, word] of words.entries()) {
    if (index > 0) length += between.length;
    for (const segment of word.segments) {
      const last = segments.at(-1);
      const at = length + segment.at;
      if (
        last?.at !== undefined &&
        last.at + last.length === at &&
        last.start + last.length === segment.start
      )
        segments[segments.length - 1] = { ...last, length: last.length + segment.length };
      else segments.push({ ...segment, at });
    }
    length += word.text.length;
  }
  return { text: words.map(({ text }) => text).join(between), segments };
}

/** Where a word is in its source; undefined: its text does not come from one place there. */
export function spanOf({ text, segments }: Word): Span | undefined {
  const [only, ...others] = segments;
  if (only === undefined || others.length > 0 || only.length !== text.length) return undefined;
  return { start: only.start, end: only.start + only.length };
}

/** The lines of a text, or of a word that is one, each with its place. */
export function linesOf(text: Word | string): readonly Word[] {
  const whole = typeof text === 'string' ? wordAt(text, 0) : text;
  let start = 0;
  return whole.text.split('\n').map((line) => {
    const word = sliceOf(whole, start, start + line.length);
    start += line.length + 1;
    return word;
  });
}
