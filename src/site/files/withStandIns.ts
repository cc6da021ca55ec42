import type { SourceFile } from '../model/sourceFile.js';
import type { StandIn, UsedStandIn } from '../model/standIn.js';

/** Files as they are read, and the stand-ins that they have. */
export interface FilesWithStandIns {
  readonly files: readonly SourceFile[];
  readonly used: readonly UsedStandIn[];
}

/** What a name is made of: one that goes on to either side is another. */
const part = String.raw`[\w.*-]`;

/** Puts what stands in for names in their place, wherever they are whole words; lines stay where they are. */
export function withStandIns(files: readonly SourceFile[], standIns: readonly StandIn[]): FilesWithStandIns {
  if (standIns.length === 0) return { files, used: [] };
  const values = new Map(standIns.map(({ name, value }) => [name, value]));
  const names = [...values.keys()].toSorted((one, other) => other.length - one.length).map(escaped);
  const pattern = new RegExp(`(?<!${part})(?:${names.join('|')})(?!${part})`, 'g');
  const used = new Map<string, UsedStandIn>();
  const read = files.map((file) => ({
    ...file,
    text: file.text
      .split('\n')
      .map((line, index) =>
        line.replace(pattern, (name) => {
          const value = values.get(name) ?? name;
          const known = used.get(name);
          const at = known?.at ?? { file: file.name, line: index + 1 };
          used.set(name, { name, value, count: (known?.count ?? 0) + 1, at });
          return value;
        }),
      )
      .join('\n'),
  }));
  return { files: read, used: [...used.values()] };
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
