import { dirname, resolve } from 'node:path';
import { shownRuleFile } from '../../model/place.js';
import type { LocatedProblem, SourceDocument } from '../yaml/sourceDocument.js';
import { readRuleFile, type RuleText } from './readRuleFile.js';
import { type RuleReference, ruleReferences, withValue } from './references.js';

/** A rule file that a scenario names, with its text. */
export interface RuleFile extends RuleReference {
  /** The file's absolute path. */
  readonly from: string;
  readonly text: string;
}

/** A scenario's document with the texts of its rule files in place, and those files. A problem with a file is a problem of the document. */
export interface DocumentWithRules {
  readonly document: SourceDocument;
  readonly files: readonly RuleFile[];
}

/**
 * Reads the rule files that a scenario names and puts their texts in the names' places, so that readers of the document need not know of
 * them. Places inside such a text refer to the rule file.
 */
export async function withRuleFiles(
  document: SourceDocument,
  scenario: { readonly file: string; readonly shown: string },
): Promise<DocumentWithRules> {
  const files: RuleFile[] = [];
  const problems: LocatedProblem[] = [];
  const read = new Map<string, RuleText>();
  for (const reference of ruleReferences(document.data)) {
    // A name with a slash behind it is that of a folder, which the system says.
    const slash = reference.file.endsWith('/') ? '/' : '';
    const from = resolve(dirname(scenario.file), reference.file) + slash;
    const shown = shownRuleFile(scenario.shown, reference.file);
    const content = read.get(from) ?? (await readRuleFile(from, shown));
    read.set(from, content);
    if ('text' in content) files.push({ ...reference, from, text: content.text });
    else if (content.at !== undefined)
      problems.push({ file: reference.file, ...content.at, message: content.problem });
    else {
      const place = document.locate([...reference.path, 'file'], 'value');
      problems.push({ ...place, message: `${shown}: ${content.problem}` });
    }
  }
  return { document: withTexts(document, files, problems), files };
}

function withTexts(
  document: SourceDocument,
  files: readonly RuleFile[],
  problems: readonly LocatedProblem[],
): SourceDocument {
  const names = new Map(files.map(({ path, file }) => [JSON.stringify(path), file]));
  const firstLine = (path: readonly PropertyKey[]) => {
    const file = names.get(JSON.stringify(path));
    return file === undefined ? undefined : { file, line: 1, column: 1 };
  };
  return {
    data: files.reduce((data, { path, text }) => withValue(data, path, text), document.data),
    problems: [...document.problems, ...problems],
    locate: (path, at) => (at === 'value' ? firstLine(path) : undefined) ?? document.locate(path, at),
    placeOf: (path) => {
      const text = firstLine(path);
      return text === undefined ? document.placeOf(path) : { ...document.placeOf(path), text };
    },
    rangeOf: (path) => document.rangeOf(path),
    writtenAt: (path) => document.writtenAt(path),
  };
}
