import stringWidth from 'string-width';
import { escapeForeign, painted } from './controlCharacters.js';

/** The terminal columns that the widest line of a text takes; colours take none. */
export function textWidth(text: string): number {
  return text.split('\n').reduce((most, line) => Math.max(most, stringWidth(line)), 0);
}

/**
 * Breaks each line of a text between words into lines of at most `room` columns. A wider word stays whole, because it may be a name that
 * somebody copies. Colours continue on each line.
 */
export function wrapWords(text: string, room: number): string[] {
  return text.split('\n').flatMap((line) => coloured(wrapLine(line, room)));
}

/**
 * A text for a terminal of this width: wider lines are broken between words, and continue below the place where their text began.
 * Undefined: the text stays as it is.
 */
export function fitText(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return escapeForeign(text)
    .split('\n')
    .flatMap((line) => {
      const start = /^ *(?:- )?/.exec(line)?.[0] ?? '';
      const [first = '', ...rest] = wrapWords(line.slice(start.length), columns - start.length);
      return [start + first, ...rest.map((more) => ' '.repeat(start.length) + more)];
    })
    .join('\n');
}

/** The beginning of a line that fits into so many columns, with an ellipsis where something was cut off. */
export function fitLine(line: string, room: number): string {
  if (stringWidth(line) <= room) return line;
  let start = '';
  let width = 0;
  for (const character of line) {
    width += stringWidth(character);
    if (width > room - 1) break;
    start += character;
  }
  return `${start}…`;
}

function wrapLine(line: string, room: number): string[] {
  if (stringWidth(line) <= room) return [line];
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const [, space = '', word = ''] of line.matchAll(/( *)([^ ]+)/g)) {
    const more = stringWidth(word);
    if (width > 0 && width + space.length + more > room) {
      lines.push(current);
      current = word;
      width = more;
    } else {
      current += space + word;
      width += space.length + more;
    }
  }
  return [...lines, current];
}

/** Ends all colours at the end of each line and starts them again on the next. */
function coloured(lines: readonly string[]): string[] {
  let on: readonly (readonly [begin: string, end: string])[] = [];
  return lines.map((line) => {
    const start = on.map(([begin]) => begin).join('');
    for (const { 0: sequence, 1: code = '' } of line.matchAll(painted)) {
      const end = endOf(Number(code));
      const others = on.filter(([, each]) => each !== sequence);
      on = end === undefined ? others : [...others, [sequence, sequence.replace(code, String(end))]];
    }
    return start + line + on.map(([, end]) => end).join('');
  });
}

/** The code that ends what this code began: bold, slanted and the like, the text's colour, or the background's. Undefined: it begins nothing. */
function endOf(code: number): number | undefined {
  if (code === 1 || code === 2) return 22;
  if (code > 2 && code < 10) return code + 20;
  if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) return 39;
  return (code >= 40 && code < 48) || (code >= 100 && code < 108) ? 49 : undefined;
}
