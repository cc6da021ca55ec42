import type { UnmatchedName } from '../model/unmatchedName.js';
import { placeText } from '../model/place.js';

/**
 * A name that the lab does not have, with its place in the file: `line 12, column 5: SENTENCE (also in line 14)`; in a rule file `NAME,
 * line 12 ...`.
 */
export function unmatchedText({ place, message, lines }: UnmatchedName): string {
  const file = place.file === undefined ? '' : `${place.file}, `;
  return `${file}line ${place.line}, column ${place.column}: ${message}${alsoIn(lines)}`;
}

/** The same as compilers write it: `mine.yaml:12:5: SENTENCE`. */
export function unmatchedAt(shown: string, { place, message, lines }: UnmatchedName): string {
  return `${placeText(shown, place)}: ${message}${alsoIn(lines)}`;
}

function alsoIn(lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const most = 10;
  const more = lines.length > most ? ` and ${lines.length - most} more` : '';
  return ` (also in line${lines.length === 1 ? '' : 's'} ${lines.slice(0, most).join(', ')}${more})`;
}
