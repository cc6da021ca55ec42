import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { FileKind } from '../model/sourceFile.js';

/** Where a line names other files, and what it names. */
export interface Include {
  /** Counted from 1. */
  readonly line: number;
  /** The part of the line that is in their place, from its first character to the one behind its last. */
  readonly start: number;
  readonly end: number;
  /** A path, of which the last parts may be patterns. */
  readonly path: string;
}

const forms: Partial<Readonly<Record<FileKind, RegExp>>> = {
  nft: /(?<=^|[;{}])\s*include\s+(?:"([^"\n]+)"|'([^'\n]+)')\s*;?/g,
  keepalived: /^\s*include[rmwba]?\s+(?:"([^"\n]+)"|([^\s#!"]+))/g,
};

/** The lines of a file that name others, where its kind has such. */
export function includesIn(text: string, kind: FileKind | undefined): readonly Include[] {
  const form = kind === undefined ? undefined : forms[kind];
  if (form === undefined || !text.includes('include')) return [];
  return text.split('\n').flatMap((line, index) =>
    [...withoutComment(line).matchAll(form)].map((match): Include => ({
      line: index + 1,
      start: match.index,
      end: match.index + match[0].length,
      path: match[1] ?? match[2] ?? '',
    })),
  );
}

/** A name may be in quotes; nothing else that these lines have may hold a `#` or a `!`. */
function withoutComment(line: string): string {
  return line.replace(/^\s*[#!].*$/, '');
}

/** Whether a path names files by a pattern: then there may be none. */
export function isPattern(path: string): boolean {
  return picomatch.scan(path).isGlob;
}

/**
 * Where the files may be that an included path names, the likeliest first. A relative path begins in the folder of the file that has it. An
 * absolute one is the director's: it is looked for as the director had it beside that file, and below the folders that it is in.
 */
export function includePlaces(path: string, from: string): readonly string[] {
  const folder = posix.dirname(from);
  if (!path.startsWith('/')) return [posix.join(folder, path)];
  const parts = path.split('/').filter((part) => part !== '');
  const above: string[] = [folder];
  while (above.length < 16 && !['.', '/', '..'].includes(posix.dirname(above.at(-1) ?? '.')))
    above.push(posix.dirname(above.at(-1) ?? '.'));
  const own = from.startsWith('/etc/') ? [posix.normalize(path)] : [];
  const places = parts.flatMap((_, index) => {
    const rest = parts.slice(index);
    // All files of a folder are not meant where the folder's name is not there.
    return rest.length === 1 && isPattern(path) ? [] : above.map((one) => posix.join(one, ...rest));
  });
  return [...own, ...places];
}

/** Those of the names that an included path stands for, in the order in which they are read; none: there is no such file. */
export function includedNames(path: string, from: string, names: readonly string[]): readonly string[] {
  for (const place of includePlaces(path, from)) {
    if (!isPattern(place)) {
      if (names.includes(place)) return [place];
      continue;
    }
    const isMatch = picomatch(place);
    const found = names.filter((name) => isMatch(name) && name !== from).toSorted();
    if (found.length > 0) return found;
  }
  // A file that was given alone has lost its folders.
  const base = posix.basename(path);
  const alone = isPattern(path) ? [] : names.filter((name) => posix.basename(name) === base && name !== from);
  return alone.slice(0, 1);
}
