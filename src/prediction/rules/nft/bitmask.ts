import type { Word } from '../../../scenario/syntax/word.js';

/** What is asked of a value whose bits have names: that the bits of the mask are one of the values, or are not. */
export interface BitmaskTest {
  readonly mask: number;
  readonly values: readonly number[];
  readonly negated: boolean;
}

/** Where it ends, and what it asks; undefined: it cannot be read. */
interface ReadTest {
  readonly end: number;
  readonly test: BitmaskTest | undefined;
}

const every = 0xffff_ffff;

/**
 * Reads what stands behind `ct state` or `tcp flags`. As nft compiles it: without an operator any of the bits, with `==` and `!=` all bits
 * together, with `!` none of them, of a set in braces one of its values, behind `/` or `&` a mask.
 */
export function bitmaskAt(
  words: readonly Word[],
  index: number,
  bitOf: (name: string) => number | undefined,
): ReadTest {
  const text = (at: number): string => words[at]?.text ?? '';
  let at = index;
  let mask: number | undefined;
  if (text(at) === '&' || text(at) === 'and') {
    const read = bitsAt(words, at + 1, bitOf);
    mask = read.bits;
    if (mask === undefined) return { end: read.end, test: undefined };
    at = read.end;
  }
  const operator = ['==', '!=', '!', 'eq', 'ne'].includes(text(at)) ? text(at) : '';
  if (operator !== '') at += 1;
  const negated = operator === '!=' || operator === 'ne';
  if (text(at) === '{') return setAt(words, at, { bitOf, mask: mask ?? every, negated });
  const read = bitsAt(words, at, bitOf);
  const { bits } = read;
  at = read.end;
  if (bits === undefined) return { end: at, test: undefined };
  if (text(at) === '/') {
    const masked = bitsAt(words, at + 1, bitOf);
    const test = masked.bits === undefined ? undefined : { mask: masked.bits, values: [bits], negated };
    return { end: masked.end, test };
  }
  if (mask !== undefined) return { end: at, test: { mask, values: [bits], negated } };
  if (operator === '!') return { end: at, test: { mask: bits, values: [0], negated: false } };
  if (operator === '') return { end: at, test: { mask: bits, values: [0], negated: true } };
  return { end: at, test: { mask: every, values: [bits], negated } };
}

function setAt(
  words: readonly Word[],
  index: number,
  asked: {
    readonly bitOf: (name: string) => number | undefined;
    readonly mask: number;
    readonly negated: boolean;
  },
): ReadTest {
  const { bitOf, mask, negated } = asked;
  const values: number[] = [];
  let at = index + 1;
  let isKnown = true;
  while (at < words.length && words[at]?.text !== '}') {
    if (words[at]?.text === ',') at += 1;
    else {
      const read = bitsAt(words, at, bitOf, ['|']);
      if (read.bits === undefined) isKnown = false;
      else values.push(read.bits);
      at = Math.max(read.end, at + 1);
    }
  }
  return { end: at + 1, test: isKnown ? { mask, values, negated } : undefined };
}

/** `syn`, `fin,syn`, `fin | syn`, `(fin | syn)`, `0x12`. */
function bitsAt(
  words: readonly Word[],
  index: number,
  bitOf: (name: string) => number | undefined,
  between: readonly string[] = ['|', ','],
): { readonly bits: number | undefined; readonly end: number } {
  let bits: number | undefined = 0;
  let at = index;
  for (;;) {
    // Parentheses and bars may be in one word with names.
    const names = (words[at]?.text ?? '').split(/[()|]/).filter((name) => name !== '');
    for (const name of names) {
      const bit: number | undefined = /^(?:0x[\da-f]+|\d+)$/i.test(name) ? Number(name) : bitOf(name);
      bits = bits === undefined || bit === undefined ? undefined : bits | bit;
    }
    const isOpen = /\|$|\($/.test(words[at]?.text ?? '') && words[at]?.text !== '|';
    at += 1;
    const next = words[at]?.text ?? '';
    if (between.includes(next)) at += 1;
    else if (!isOpen && !/^[|)]/.test(next)) return { bits, end: at };
    if (at >= words.length) return { bits, end: at };
  }
}
