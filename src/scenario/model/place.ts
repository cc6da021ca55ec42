/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a text stands in a file; `text` is where its first line does, when its lines are lines of the file. */
export interface TextPlace extends Place {
  readonly text?: Place;
}

/** Where line `number` of a text stands, counted from 1; where the text's lines are not the file's, the place of the text. */
export function placeOfLine({ line, column, text }: TextPlace, number: number): Place {
  return text === undefined ? { line, column } : { line: text.line + number - 1, column: text.column };
}
