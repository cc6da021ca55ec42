const bits = 32;

/** A set of small numbers, which never changes. Only the words between the first and the last member are kept: most sets have few. */
export class AtomSet {
  private constructor(
    private readonly from: number,
    private readonly words: Uint32Array,
  ) {}

  static readonly empty = new AtomSet(0, new Uint32Array(0));

  /** The numbers of ranges, both ends included. */
  static of(ranges: readonly (readonly [number, number])[]): AtomSet {
    if (ranges.length === 0) return AtomSet.empty;
    const from = ranges.reduce((least, [first]) => Math.min(least, first), Infinity) >>> 5;
    const to = ranges.reduce((most, [, last]) => Math.max(most, last), 0) >>> 5;
    const words = new Uint32Array(to - from + 1);
    for (const [first, last] of ranges)
      for (let word = first >>> 5; word <= last >>> 5; word += 1) {
        const low = word === first >>> 5 ? first & 31 : 0;
        const high = word === last >>> 5 ? last & 31 : 31;
        const mask = high - low === 31 ? 0xffff_ffff : ((1 << (high - low + 1)) - 1) << low;
        words[word - from] = (words[word - from] ?? 0) | mask;
      }
    return AtomSet.trimmed(from, words);
  }

  /** All numbers below a size. */
  static all(size: number): AtomSet {
    return size === 0 ? AtomSet.empty : AtomSet.of([[0, size - 1]]);
  }

  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  and(other: AtomSet): AtomSet {
    const from = Math.max(this.from, other.from);
    const to = Math.min(this.from + this.words.length, other.from + other.words.length);
    if (to <= from) return AtomSet.empty;
    const words = new Uint32Array(to - from);
    for (let at = from; at < to; at += 1)
      words[at - from] = (this.words[at - this.from] ?? 0) & (other.words[at - other.from] ?? 0);
    return AtomSet.trimmed(from, words);
  }

  minus(other: AtomSet): AtomSet {
    const from = Math.max(this.from, other.from);
    const to = Math.min(this.from + this.words.length, other.from + other.words.length);
    if (to <= from) return this;
    const words = this.words.slice();
    for (let at = from; at < to; at += 1)
      words[at - this.from] = (words[at - this.from] ?? 0) & ~(other.words[at - other.from] ?? 0);
    return AtomSet.trimmed(this.from, words);
  }

  or(other: AtomSet): AtomSet {
    if (this.isEmpty) return other;
    if (other.isEmpty) return this;
    const from = Math.min(this.from, other.from);
    const to = Math.max(this.from + this.words.length, other.from + other.words.length);
    const words = new Uint32Array(to - from);
    words.set(this.words, this.from - from);
    other.words.forEach((word, at) => {
      words[at + other.from - from] = (words[at + other.from - from] ?? 0) | word;
    });
    return new AtomSet(from, words);
  }

  has(atom: number): boolean {
    const word = this.words[(atom >>> 5) - this.from] ?? 0;
    return ((word >>> (atom & 31)) & 1) === 1;
  }

  equals(other: AtomSet): boolean {
    return (
      this === other ||
      (this.from === other.from &&
        this.words.length === other.words.length &&
        this.words.every((word, at) => word === other.words[at]))
    );
  }

  /** The members, from the lowest to the highest. */
  *atoms(): Generator<number> {
    for (const [at, word] of this.words.entries())
      for (let rest = word; rest !== 0; rest &= rest - 1)
        yield (this.from + at) * bits + (31 - Math.clz32(rest & -rest));
  }

  /** Without the empty words at both ends. */
  private static trimmed(from: number, words: Uint32Array): AtomSet {
    let start = 0;
    let end = words.length;
    while (start < end && words[start] === 0) start += 1;
    while (end > start && words[end - 1] === 0) end -= 1;
    if (start === end) return AtomSet.empty;
    const isWhole = start === 0 && end === words.length;
    return new AtomSet(from + start, isWhole ? words : words.slice(start, end));
  }
}
