import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';

/** The facts about a set of tools that are shown. */
interface ShownTools {
  readonly name: string;
  readonly addedAt: string;
  readonly files: readonly {
    readonly name: string;
    readonly roles: readonly string[];
    readonly sha256: string;
    readonly path?: string | undefined;
  }[];
}

/** A table of what was added for `--tools`, a line for each file. */
export function toolTable(sets: readonly ShownTools[], paint: Paint): string {
  if (sets.length === 0) return 'no tools were added; see `lvs-lab tools add --help`\n';
  const rows = sets.flatMap(({ name, addedAt, files }) =>
    files.map((file) => [
      name,
      file.name,
      file.path ?? 'installed',
      file.roles.join(' '),
      file.sha256.slice(0, 12),
      addedAt.slice(0, 10),
    ]),
  );
  return `${table(['tools', 'file', 'where', 'in the images of', 'SHA-256', 'added'], rows, paint)}\n`;
}
