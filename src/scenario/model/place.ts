import { dirname, isAbsolute, join } from 'node:path';

/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  /** The rule file, as the scenario names it, relative to the scenario's folder; left out: the scenario's own file. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** The keys and numbers that lead to a value of a file: `director`, `rules`. */
export type KeyPath = readonly (string | number)[];

/** Where a text is in a file. `text` is the place of its first line, if its lines are lines of the file. */
export interface TextPlace extends Place {
  readonly text?: Place;
}

/** Where a line of a text is, counted from 1. If the text's lines are not lines of a file, the place of the whole text. */
export function placeOfLine({ line, column, text }: TextPlace, number: number): Place {
  return text === undefined ? { line, column } : { ...text, line: text.line + number - 1 };
}

/** Orders places for sorting: those in the scenario's own file first, then those in each rule file, from top to bottom. */
export function byPlace(one: Place, other: Place): number {
  const [file = '', otherFile = ''] = [one.file, other.file];
  if (file !== otherFile) return file < otherFile ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

/** A place as compilers write it: `mine.yaml:12:5`. `shown` is the scenario's file as people see it; the names of rule files are derived from it. */
export function placeText(shown: string, { file, line, column }: Place): string {
  return `${file === undefined ? onOneLine(shown) : shownRuleFile(shown, file)}:${line}:${column}`;
}

/** The name of a rule file for people, if the scenario's file is shown as `shown` and names the rule file as `file`. */
export function shownRuleFile(shown: string, file: string): string {
  return onOneLine(isAbsolute(file) ? file : join(dirname(shown), file));
}

/** A file's name for people, who read a line for each problem: control characters are written as in JSON. */
export function onOneLine(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
