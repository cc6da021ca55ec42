import type { RecordedFile } from '../model/scenario.js';
import { hashOf, recordOf } from './ruleFiles/recordRuleFiles.js';
import { withRuleFiles } from './ruleFiles/withRuleFiles.js';
import { parseSource, type SourceDocument } from './yaml/sourceDocument.js';
import { type ForeignText, foreignText } from './yaml/foreignText.js';
import { type FileProblem, readTextFile } from './yaml/readFile.js';

/** A scenario file as it was read; only its syntax has been checked. */
export interface ScenarioSource {
  /** The parsed file, with the texts of its rule files in place. */
  readonly document: SourceDocument;
  /** The hash that becomes `Scenario.hash`. */
  readonly hash: string;
  readonly record: readonly RecordedFile[];
}

/** The source of a file, or why it cannot be read, or which other kind of file it is. */
export type Source = ScenarioSource | FileProblem | { readonly foreign: ForeignText };

/** Reads a scenario file and the rule files that it names; `shown` is its name for people. */
export async function readSource(file: string, shown: string): Promise<Source> {
  const content = await readTextFile(file, 'a scenario file');
  if ('problem' in content) return content;
  const foreign = foreignText(content.text);
  if (foreign !== undefined) return { foreign };
  const { document, files } = await withRuleFiles(parseSource(content.text), { file, shown });
  const written = { ...content, document, files };
  return { document, hash: hashOf(written), record: recordOf(written) };
}
