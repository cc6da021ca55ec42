import type { FileKind, PlacedFile, SourceFile } from '../model/sourceFile.js';
import type { SiteProblem } from '../model/siteProblem.js';
import { includedNames, type Include, includesIn, isPattern } from './includes.js';

type LinePlace = NonNullable<PlacedFile['places']>[number];

/** A file with those that it names in their places. */
export interface SplicedFile {
  readonly file: PlacedFile;
  /** The names of the files that it has in it. */
  readonly included: readonly string[];
  readonly problems: readonly SiteProblem[];
}

/** As deep as nft itself goes. */
const deepest = 16;

/** Puts the files that a file names in the places where it names them. What cannot be found, and what names itself, is among the problems. */
export function splice(file: SourceFile, kind: FileKind, files: readonly SourceFile[]): SplicedFile {
  if (includesIn(file.text, kind).length === 0) return { file, included: [], problems: [] };
  const splicing = new Splicing(kind, files);
  splicing.add(file, []);
  return splicing.result(file);
}

class Splicing {
  readonly #texts: string[] = [];
  readonly #places: LinePlace[] = [];
  readonly #included = new Set<string>();
  readonly #problems: SiteProblem[] = [];
  readonly #byName: ReadonlyMap<string, SourceFile>;

  constructor(
    private readonly kind: FileKind,
    files: readonly SourceFile[],
  ) {
    this.#byName = new Map(files.map((file) => [file.name, file]));
  }

  result(file: SourceFile): SplicedFile {
    return {
      file: { ...file, text: this.#texts.join('\n'), places: this.#places },
      included: [...this.#included],
      problems: this.#problems,
    };
  }

  /** `above` has the files that lead to this one, the outermost first. */
  add(file: SourceFile, above: readonly string[]): void {
    const includes = includesIn(file.text, this.kind);
    let next = 0;
    for (const [index, line] of file.text.split('\n').entries()) {
      const at = { file: file.name, line: index + 1 };
      let from = 0;
      for (let include = includes[next]; include?.line === at.line; include = includes[next]) {
        next += 1;
        this.#push(line.slice(from, include.start), at);
        from = include.end;
        this.#include(include, at, [...above, file.name]);
      }
      this.#push(line.slice(from), at);
    }
  }

  #push(text: string, at: LinePlace): void {
    this.#texts.push(text);
    this.#places.push(at);
  }

  #include({ path }: Include, at: LinePlace, above: readonly string[]): void {
    const names = includedNames(path, at.file, [...this.#byName.keys()]);
    if (names.length === 0) this.#problems.push(missing(path, at, this.kind));
    for (const name of names) {
      const inner = this.#byName.get(name);
      if (inner === undefined) continue;
      if (above.includes(name) || above.length >= deepest) {
        this.#problems.push({
          done: 'refused',
          at,
          message: above.includes(name)
            ? `\`${path}\` includes itself: ${[...above.slice(above.indexOf(name)), name].join(' > ')}`
            : `expected at most ${deepest} files that include one another, found more at \`${path}\``,
        });
        continue;
      }
      this.#included.add(name);
      this.add(inner, above);
    }
  }
}

function missing(path: string, at: LinePlace, kind: FileKind): SiteProblem {
  const instead =
    kind === 'nft'
      ? 'give them too, in the folders that they are in, or what `nft list ruleset` prints in place of all'
      : 'give them too, in the folders that they are in, or what `ipvsadm -Sn` prints';
  return {
    // Rules that are not there may decide; services that are not there are not asked about.
    done: kind === 'nft' ? 'refused' : 'left out',
    at,
    message: `expected the ${isPattern(path) ? 'files' : 'file'} that \`${path}\` names, found none: ${instead}`,
  };
}
