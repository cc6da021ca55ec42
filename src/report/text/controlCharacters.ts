import { paintMark } from './colour.js';

/**
 * What a terminal, or somebody who reads, would take for something else than text: control characters but line end and tab, those of Unicode that turn
 * the direction of writing, and line ends of its own.
 */
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from a file, a container or a packet with its control characters written out: `\u001b`. JSON stays the same JSON. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A colour of the lab's own, as `paintFor` makes it; its first group is the code. */
export const painted = new RegExp(`\u001b\\[(\\d+);${paintMark}m`, 'g');

/** Text on its way to a terminal or a log: of escape sequences, only the lab's own colours are left. All output passes here, and does so once. */
export function withoutForeignControls(text: string): string {
  return betweenColours(text, (_sequence, code) => `\u001b[${code}m`);
}

/** The same for a part of what is going to pass there: colours keep their mark. */
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
