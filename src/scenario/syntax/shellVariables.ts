import type { Piece } from './shellWords.js';
import { joinWords, sliceOf, type Word } from './word.js';

/** A word of a call, with what of it came from elsewhere. */
export interface ShellWord extends Word {
  /** What the shell fills in and nobody can tell beforehand; it stands in the text as it is written. */
  readonly isComputed: boolean;
  /** What variables were filled in with. */
  readonly values: readonly Word[];
}

/** Loops in loops make more calls than anybody wants to know of: beyond this, variables are not filled in. */
const mostCalls = 100_000;
const mostValues = 10_000;
/** No list of interfaces is as long; values of values grow without end. */
const longestValue = 20_000;
/** What is known of a shell's variables. They stay from one command line to the next. */
export class ShellVariables {
  /** What each may be; nothing: that is too much to know. */
  readonly #values: Map<string, readonly ShellWord[]>;
  constructor(
    values: ReadonlyMap<string, readonly ShellWord[]> = new Map(),
    /** How many more calls may be made of loops, by this shell and all that it starts. */
    private readonly budget = { left: mostCalls },
  ) {
    this.#values = new Map(values);
  }

  /** What a shell of a shell knows; what it sets is its own. */
  copy(): ShellVariables {
    return new ShellVariables(this.#values, this.budget);
  }

  /** Takes `name=value`. */
  assign(pieces: readonly Piece[]): void {
    const name = assignmentOf(pieces);
    const [first, ...others] = pieces;
    if (name === undefined || first === undefined) return;
    const value: readonly Piece[] = [{ kind: 'text', word: sliceOf(first.word, name.length + 1) }, ...others];
    this.bind(
      name,
      this.combinations([value]).map((values) => this.#whole(value, values)),
    );
  }

  /** Sets what a loop's variable is from here on: that it was something else before no longer matters. */
  bindLoop(name: string, values: readonly ShellWord[]): void {
    this.#values.delete(name);
    this.bind(name, values);
  }

  /** A variable that is set in several places may be any of them. */
  private bind(name: string, values: readonly ShellWord[]): void {
    const before = this.#values.get(name);
    if (before?.length === 0) return;
    const all = [...(before ?? []), ...values];
    const isKnown = all.length <= mostValues && values.every(({ text }) => text.length <= longestValue);
    this.#values.set(name, isKnown ? all : []);
  }

  /** The words that a word of a loop's list is, each with all that its variables may be. */
  valuesOf(pieces: readonly Piece[]): readonly ShellWord[] {
    return this.combinations([pieces]).flatMap((values) => this.filled(pieces, values));
  }

  /** Each way to fill in the variables of some words: a variable is the same in all of them. Too many: they stay as they are. */
  combinations(words: readonly (readonly Piece[])[]): readonly ReadonlyMap<string, ShellWord>[] {
    const names = new Set(words.flat().flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : [])));
    let made: readonly ReadonlyMap<string, ShellWord>[] = [new Map()];
    for (const name of names) {
      const values = this.#values.get(name) ?? [];
      if (values.length === 0 || made.length * values.length > Math.min(mostValues, this.budget.left))
        continue;
      made = made.flatMap((one) => values.map((value) => new Map([...one, [name, value]])));
    }
    this.budget.left -= made.length - 1;
    return made;
  }

  /** A word with its variables filled in: a variable that stands alone without quotes may be several words. */
  filled(pieces: readonly Piece[], values: ReadonlyMap<string, ShellWord>): readonly ShellWord[] {
    const [only] = pieces;
    const whole = this.#whole(pieces, values);
    if (pieces.length !== 1 || only?.kind !== 'variable' || only.isQuoted || !values.has(only.name))
      return [whole];
    return [...whole.text.matchAll(/\S+/g)].map(({ 0: text, index }) => {
      const word = sliceOf(whole, index, index + text.length);
      return { ...word, isComputed: whole.isComputed, values: [word] };
    });
  }

  #whole(pieces: readonly Piece[], values: ReadonlyMap<string, ShellWord>): ShellWord {
    const parts = pieces.map((piece): ShellWord => {
      const isText = piece.kind === 'text';
      const value = piece.kind === 'variable' ? values.get(piece.name) : undefined;
      if (value === undefined || piece.kind !== 'variable')
        return { ...piece.word, isComputed: !isText, values: [] };
      return { ...value, values: [{ text: value.text, segments: value.segments }] };
    });
    return {
      ...joinWords(parts),
      isComputed: parts.some((part) => part.isComputed),
      values: parts.flatMap((part) => part.values),
    };
  }
}

/** `name` of `name=value`. */
export function assignmentOf([first]: readonly Piece[]): string | undefined {
  return first?.kind === 'text' ? /^([A-Za-z_]\w*)=/.exec(first.word.text)?.[1] : undefined;
}
