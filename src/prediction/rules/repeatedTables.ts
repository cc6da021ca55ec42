import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { SourceFile } from '../../site/model/sourceFile.js';

/** A table as a text of iptables-save has it. */
interface SavedTable {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Its lines without counters and comments. */
  readonly rules: string;
}

/**
 * Tables that texts have more than once. In one file the last one counts, as iptables-restore empties a table that begins again; in two files that
 * differ nobody can tell which one the director has.
 */
export function repeatedTables(files: readonly SourceFile[]): readonly SiteProblem[] {
  const tables = files.flatMap(tablesOf);
  return tables.flatMap((table, index): readonly SiteProblem[] => {
    const earlier = tables
      .slice(0, index)
      .findLast(({ name, rules }) => name === table.name && rules !== table.rules);
    if (earlier === undefined) return [];
    const at = { file: table.file, line: table.line };
    const other = `${earlier.file}:${earlier.line}`;
    return [
      earlier.file === table.file
        ? {
            done: 'noted',
            at,
            message: `table ${table.name} begins again here, and counts in the place of that in ${other}, as for iptables-restore`,
          }
        : {
            done: 'refused',
            at,
            message: `table ${table.name} has other rules in ${other}, and which of them the director has, no file says: leave one of the files out (those of iptables-legacy and of iptables hold together, and are not predicted)`,
          },
    ];
  });
}

function tablesOf({ name: file, text }: SourceFile): readonly SavedTable[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((first, index): readonly SavedTable[] => {
    const [, name] = /^\*(\w+)$/.exec(first) ?? [];
    if (name === undefined) return [];
    const end = lines.findIndex((line, at) => at > index && (line === 'COMMIT' || line.startsWith('*')));
    const own = lines.slice(index + 1, end === -1 ? undefined : end);
    const rules = own
      .filter((line) => !/^(?:#|$)/.test(line))
      .map((line) => line.replace(/\[\d+:\d+\]/g, '').trim());
    return [{ name, file, line: index + 1, rules: rules.join('\n') }];
  });
}
