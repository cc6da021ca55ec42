import { basename } from 'node:path';
import { sha256 } from '../../../support/files/sha256.js';
import type { RecordedFile } from '../../model/scenario.js';
import type { SourceDocument } from '../yaml/sourceDocument.js';
import type { RuleFile } from './withRuleFiles.js';

/** The folder beside a recorded scenario that holds copies of its rule files. */
export const ruleFolder = 'rules';

interface Written {
  readonly document: SourceDocument;
  readonly bytes: Buffer;
  /** The scenario file's text, without a byte order mark. */
  readonly text: string;
  readonly files: readonly RuleFile[];
}

/**
 * SHA-256 of what a scenario says: of its file's bytes or, if it names rule files, of its text with each name replaced by the SHA-256 of
 * that file's text.
 */
export function hashOf(written: Written): string {
  if (written.files.length === 0) return sha256(written.bytes);
  return sha256(Buffer.from(renamed(written, ({ text }) => sha256(Buffer.from(text)))));
}

/**
 * The files that a run keeps of a scenario: its own, with the names of copies in place of rule files' names, and those copies. It can be
 * run from there, and has the same hash.
 */
export function recordOf(written: Written): readonly RecordedFile[] {
  const names = copyNames(written.files);
  const nameOf = ({ from, file }: RuleFile): string => names.get(from) ?? file;
  const text = written.files.length === 0 ? written.bytes.toString('utf8') : renamed(written, nameOf);
  const copies = new Map(written.files.map((file) => [nameOf(file), file.text]));
  return [{ name: 'scenario.yaml', text }, ...[...copies].map(([name, copy]) => ({ name, text: copy }))];
}

/** The scenario's text with other names for its rule files. They are replaced from the end, so that earlier positions stay valid. */
function renamed({ document, text, files }: Written, nameOf: (file: RuleFile) => string): string {
  // One that is written once may be meant several times, by aliases.
  const changes = new Map(
    files.flatMap((file) => {
      const range = document.rangeOf([...file.path, 'file']);
      return range === undefined ? [] : [[range.start, { ...range, name: nameOf(file) }] as const];
    }),
  );
  return [...changes.values()]
    .sort((one, other) => other.start - one.start)
    .reduce((all, { start, end, name }) => {
      const lineEnd = all.slice(start, end).endsWith('\n') ? '\n' : '';
      return `${all.slice(0, start)}${JSON.stringify(name)}${lineEnd}${all.slice(end)}`;
    }, text);
}

/** For each rule file, the name of its copy in the scenario's folder; further files with the same name go into numbered folders. */
function copyNames(files: readonly RuleFile[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const from of new Set(files.map((file) => file.from))) {
    const own = basename(from);
    let place = own;
    for (let number = 2; taken.has(place); number += 1) place = String(number);
    taken.add(place);
    names.set(from, [ruleFolder, place, ...(place === own ? [] : [own])].join('/'));
  }
  return names;
}
