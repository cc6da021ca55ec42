import { isIP } from 'node:net';
import { sliceOf, type Word } from '../word.js';

/** The arguments that stand behind one of these words. */
export function after(keys: readonly string[], args: readonly Word[]): readonly Word[] {
  return args.filter((_, index) => keys.includes(args[index - 1]?.text ?? ''));
}

/** Whether it is an address, or a network. */
export function isAddress(word: Word): boolean {
  return isIP(addressOf(word)) !== 0;
}

/** An address without the length of its network. */
export function addressOf({ text }: Word): string {
  return text.replace(/\/.*$/, '');
}

/** What stands behind `key=` in a word. */
export function gluedTo(word: Word, key: string): readonly Word[] {
  return word.text.startsWith(`${key}=`) ? [sliceOf(word, key.length + 1)] : [];
}
