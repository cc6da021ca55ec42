import { paintMark } from './colour.js';

/**
 * Matches characters that a terminal or reader would not take for text: control characters except line end and tab, those of Unicode that
 * change the direction of writing, and Unicode's own line ends.
 */
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A text from a file, container or packet with its control characters written out: `\u001b`. JSON remains the same JSON. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Matches one of the lab's own colours, as `paintFor` makes them; the first group is the code. */
export const painted = new RegExp(`\u001b\\[(\\d+);${paintMark}m`, 'g');

/** A text for a terminal or log, in which only the lab's own colours remain of all escape sequences. All output passes through this once. */
export function withoutForeignControls(text: string): string {
  return betweenColours(text, (_sequence, code) => `\u001b[${code}m`);
}

/** Writes out control characters like `withoutForeignControls`, in a text that will pass through it later: colours keep their mark. */
export function escapeForeign(text: string): string {
  return betweenColours(text, (sequence) => sequence);
}

function betweenColours(text: string, colour: (sequence: string, code: string) => string): string {
  let out = '';
  let end = 0;
  for (const { index, 0: sequence, 1: code = '0' } of text.matchAll(painted)) {
    out += escapeControls(text.slice(end, index)) + colour(sequence, code);
    end = index + sequence.length;
  }
  return out + escapeControls(text.slice(end));
}
