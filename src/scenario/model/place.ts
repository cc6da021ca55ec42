import { dirname, isAbsolute, join } from 'node:path';

/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  /** A rule file, as the scenario names it: from the scenario's folder. Left out: the scenario's own file. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** Where a text stands in a file; `text` is where its first line does, when its lines are lines of a file. */
export interface TextPlace extends Place {
  readonly text?: Place;
}

/** Where line `number` of a text stands, counted from 1; where the text's lines are not a file's, the place of the text. */
export function placeOfLine({ line, column, text }: TextPlace, number: number): Place {
  return text === undefined ? { line, column } : { ...text, line: text.line + number - 1 };
}

/** For sorting: the scenario's own places first, then those of each rule file, from top to bottom. */
export function byPlace(one: Place, other: Place): number {
  const [file = '', otherFile = ''] = [one.file, other.file];
  if (file !== otherFile) return file < otherFile ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

/** A place as compilers write it: `mine.yaml:12:5`. `shown` is the scenario's file as people are shown it, from which rule files' names follow. */
export function placeText(shown: string, { file, line, column }: Place): string {
  return `${file === undefined ? shown : shownRuleFile(shown, file)}:${line}:${column}`;
}

/** A rule file's name as people are shown it, where the scenario's file is shown as `shown` and calls it `file`. */
export function shownRuleFile(shown: string, file: string): string {
  return isAbsolute(file) ? file : join(dirname(shown), file);
}
