import type { SourceFile } from '../../site/model/sourceFile.js';

/** A line of a file that is being changed. */
export interface DraftLine {
  /** With the carriage return where the file has them, without the line feed. */
  readonly text: string;
  /** Which line of the file it was, counted from 1; undefined: it is new. */
  readonly origin: number | undefined;
}

/** A file with changes, which keep all other lines to the byte. It never changes itself: each change makes another one. */
export class Draft {
  private constructor(
    readonly name: string,
    readonly lines: readonly DraftLine[],
    /** How many lines the file had. */
    private readonly count: number,
    private readonly isNamed: boolean,
  ) {}

  static of({ name, text, isNamed = false }: SourceFile): Draft {
    const lines = text.split('\n').map((line, index) => ({ text: line, origin: index + 1 }));
    return new Draft(name, lines, lines.length, isNamed);
  }

  get file(): SourceFile {
    return {
      name: this.name,
      text: this.lines.map(({ text }) => text).join('\n'),
      isNamed: this.isNamed,
    };
  }

  /** How many lines are new, and how many are gone. */
  get size(): number {
    const kept = this.#kept();
    return this.lines.length - kept + this.#gone();
  }

  /** Whether lines are new, and none is gone. */
  get isOnlyLonger(): boolean {
    return this.#gone() === 0;
  }

  /** The text of a line, counted from 1, without what ends it. */
  textAt(line: number): string {
    return (this.lines[line - 1]?.text ?? '').replace(/\r$/, '');
  }

  /** New lines before a line, counted from 1, which end like those around them. */
  insertedBefore(line: number, texts: readonly string[]): Draft {
    const isWindows = this.lines.some(({ text }) => text.endsWith('\r'));
    const added = texts.map((text) => ({ text: isWindows ? `${text}\r` : text, origin: undefined }));
    return this.#with(this.lines.toSpliced(line - 1, 0, ...added));
  }

  /** Another text in the place of a line's. */
  replaced(line: number, text: string): Draft {
    const end = this.lines[line - 1]?.text.endsWith('\r') === true ? '\r' : '';
    return this.#with(this.lines.toSpliced(line - 1, 1, { text: `${text}${end}`, origin: undefined }));
  }

  removed(line: number): Draft {
    return this.#with(this.lines.toSpliced(line - 1, 1));
  }

  /** A line in another place: before the one that has the number `before` now. */
  moved(line: number, before: number): Draft {
    const text = this.lines[line - 1]?.text ?? '';
    const without = this.lines.toSpliced(line - 1, 1);
    const place = before > line ? before - 2 : before - 1;
    return this.#with(without.toSpliced(place, 0, { text, origin: undefined }));
  }

  #kept(): number {
    return this.lines.filter(({ origin }) => origin !== undefined).length;
  }

  #gone(): number {
    return this.count - this.#kept();
  }

  #with(lines: readonly DraftLine[]): Draft {
    return new Draft(this.name, lines, this.count, this.isNamed);
  }
}
