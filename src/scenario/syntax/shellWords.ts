import { joinWords, sliceOf, type Word } from './word.js';

/** A part of a shell's word: text, or something that the shell fills in. */
export type Piece =
  | { readonly kind: 'text'; readonly word: Word }
  | { readonly kind: 'variable'; readonly name: string; readonly word: Word; readonly isQuoted: boolean }
  /** What a command prints, a sum, a positional parameter. */
  | { readonly kind: 'computed'; readonly word: Word };

/** What a shell reads one after the other. */
export type Token =
  | { readonly kind: 'word'; readonly pieces: readonly Piece[] }
  /** `;`, `&&`, `|`, a line's end, a parenthesis */
  | { readonly kind: 'operator'; readonly text: string }
  /** `>`, `<<<`; the next word is its file or text. */
  | { readonly kind: 'redirect'; readonly text: string }
  /** The lines up to the word behind `<<`. */
  | { readonly kind: 'document'; readonly text: Word }
  /** The commands in `$( )`, which run before the command around them. */
  | { readonly kind: 'inner'; readonly tokens: readonly Token[] };

/** Nobody writes substitutions in substitutions as deep. */
const deepest = 20;

/** Reads a command line, or several lines, as bash does: quotes, variables, substitutions, redirections and documents in place. */
export function shellTokens(source: Word): readonly Token[] {
  return new ShellText(source).tokens(0, undefined);
}

class ShellText {
  #at = 0;
  /** Words that end documents whose lines come behind this line. */
  #awaited: { readonly end: string; readonly isIndented: boolean }[] = [];
  readonly #text: string;

  constructor(private readonly source: Word) {
    this.#text = source.text;
  }

  /** Up to the end of the text, or what closes a substitution. */
  tokens(depth: number, closing: ')' | '`' | undefined): readonly Token[] {
    const found: Token[] = [];
    let open = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      if (char === closing && open === 0) {
        this.#at += 1;
        return found;
      }
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      if (/[ \t\r]/.test(char)) this.#at += 1;
      else if (this.#text.startsWith('\\\n', this.#at)) this.#at += 2;
      else if (char === '#') this.#at = this.#lineEnd();
      else if (char === '\n') {
        this.#at += 1;
        found.push({ kind: 'operator', text: '\n' }, ...this.#documents());
      } else for (const token of this.#token(depth, closing)) found.push(token);
    }
    return found;
  }

  #token(depth: number, closing: string | undefined): readonly Token[] {
    const redirect = this.#match(/\d*(?:<<<|<<-?|<>|<&|>>|>\||>&|[<>])|&>>?/y);
    if (redirect !== undefined) {
      const sign = redirect.replace(/^\d+/, '');
      if (sign !== '<<' && sign !== '<<-') return [{ kind: 'redirect', text: sign }];
      const end = this.#match(/[ \t]*(?:'[^'\n]*'|"[^"\n]*"|\\?[^\s;&|<>()]+)/y) ?? '';
      this.#awaited.push({ end: end.trim().replace(/^(['"])(.*)\1$|^\\/, '$2'), isIndented: sign === '<<-' });
      return [];
    }
    const operator = this.#match(/&&|\|\||;;|\|&|[;&|()]/y);
    if (operator !== undefined) return [{ kind: 'operator', text: operator }];
    return this.#word(depth, closing);
  }

  #word(depth: number, closing: string | undefined): readonly Token[] {
    const pieces: Piece[] = [];
    const inner: Token[] = [];
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      if (/[\s;&|<>()]/.test(char) || char === closing) break;
      if (char === "'") this.#quoted(pieces);
      else if (char === '"') this.#doubleQuoted(pieces, inner, depth);
      else if (char === '\\') {
        if (this.#text[this.#at + 1] !== '\n') pieces.push(this.#piece(this.#at + 1, this.#at + 2));
        this.#at += 2;
      } else if (char === '$' || char === '`') this.#filledIn(pieces, inner, depth, false);
      else {
        const from = this.#at;
        this.#match(/[^\s;&|<>()'"\\$`]+/y);
        pieces.push(this.#piece(from, this.#at));
      }
    }
    // What nothing above takes is taken as it is, so that reading goes on.
    if (this.#at === start) {
      this.#at += 1;
      pieces.push(this.#piece(start, this.#at));
    }
    return [...inner, { kind: 'word', pieces }];
  }

  #quoted(pieces: Piece[]): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const last = end < 0 ? this.#text.length : end;
    pieces.push(this.#piece(this.#at + 1, last));
    this.#at = last + 1;
  }

  #doubleQuoted(pieces: Piece[], inner: Token[], depth: number): void {
    this.#at += 1;
    pieces.push(this.#piece(this.#at, this.#at));
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const char = this.#text[this.#at];
      if (char === '\\' && /["\\$`\n]/.test(this.#text[this.#at + 1] ?? '')) {
        pieces.push(this.#piece(this.#at + 1, this.#at + 2));
        this.#at += 2;
      } else if (char === '$' || char === '`') this.#filledIn(pieces, inner, depth, true);
      else {
        const from = this.#at;
        this.#at += 1;
        this.#match(/[^"\\$`]+/y);
        pieces.push(this.#piece(from, this.#at));
      }
    }
    this.#at += 1;
  }

  /** `$name`, `$${name}` of a scenario file, `$(...)`, `$((...))` and the rest; `${NAME}` is a placeholder, and text. */
  #filledIn(pieces: Piece[], inner: Token[], depth: number, isQuoted: boolean): void {
    const from = this.#at;
    const placeholder = this.#match(/\$\{\w{1,64}\}/y);
    if (placeholder !== undefined) {
      pieces.push(this.#piece(from, this.#at));
      return;
    }
    const variable = /^\$(?:\$\{)?([A-Za-z_]\w*)\}?$/.exec(
      this.#match(/\$\$\{[A-Za-z_]\w{0,64}\}|\$[A-Za-z_]\w*/y) ?? '',
    )?.[1];
    if (variable !== undefined) {
      const word = sliceOf(this.source, from, this.#at);
      pieces.push({ kind: 'variable', name: variable, word, isQuoted });
      return;
    }
    const opening = this.#match(/\$\(\(|\$\(|`/y);
    if ((opening === '$(' || opening === '`') && depth < deepest)
      inner.push({ kind: 'inner', tokens: this.tokens(depth + 1, opening === '`' ? '`' : ')') });
    else if (opening !== undefined)
      this.#at = this.#endOf(opening === '$((' ? '))' : opening === '`' ? '`' : ')');
    else if (this.#match(/\$\$?\{/y) !== undefined) this.#at = this.#endOf('}');
    else if (this.#match(/\$[\d?@*#!$-]/y) === undefined) {
      this.#at += 1;
      pieces.push(this.#piece(from, this.#at));
      return;
    }
    pieces.push({ kind: 'computed', word: sliceOf(this.source, from, this.#at) });
  }

  #documents(): readonly Token[] {
    const awaited = this.#awaited;
    this.#awaited = [];
    return awaited.map(({ end, isIndented }) => {
      const lines: Word[] = [];
      while (this.#at < this.#text.length) {
        const from = this.#at;
        const last = this.#lineEnd();
        this.#at = Math.min(last + 1, this.#text.length);
        const line = this.#text.slice(from, last);
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end) break;
        lines.push(sliceOf(this.source, from, last));
      }
      return { kind: 'document', text: joinWords(lines, '\n') };
    });
  }

  #piece(from: number, to: number): Piece {
    return { kind: 'text', word: sliceOf(this.source, from, to) };
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }

  #endOf(closing: string): number {
    const end = this.#text.indexOf(closing, this.#at);
    return end < 0 ? this.#text.length : end + closing.length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
