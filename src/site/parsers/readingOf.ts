import type { z } from 'zod';
import { JsonError, parseJson } from '../../support/parseJson.js';
import type { SiteProblem } from '../model/siteProblem.js';
import type { FileLine, SourceFile } from '../model/sourceFile.js';

/** What a file says, and what of it was not understood. */
export interface Reading<T> {
  readonly found: readonly T[];
  readonly problems: readonly SiteProblem[];
}

/** The lines of a file that say something, without what is behind `#`. */
export function sayingLines({ name, text }: SourceFile): readonly FileLine[] {
  return text.split(/\r?\n/).flatMap((line, index): FileLine[] => {
    const said = line.replace(/(?:^|\s)[#!].*$/, '').trim();
    return said === '' ? [] : [{ file: name, line: index + 1, text: said }];
  });
}

/** A problem at a line. */
export function problemAt(at: FileLine, message: string, done: SiteProblem['done'] = 'refused'): SiteProblem {
  return { done, at: { file: at.file, line: at.line }, message };
}

/** The JSON of a file, or why it is not what was expected. */
export function jsonIn<T>(
  schema: z.ZodType<T>,
  text: string,
  file: string,
): { readonly value: T } | { readonly problem: SiteProblem } {
  try {
    return { value: parseJson(schema, text) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { problem: { done: 'refused', at: { file, line: 1 }, message: error.message } };
  }
}
