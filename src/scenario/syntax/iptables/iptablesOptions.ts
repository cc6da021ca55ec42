import { proseOptions } from '../../../contracts/words/rules.js';
import { joinWords, sliceOf, type Word } from '../word.js';

/** An option of iptables with the words behind it, up to the next. */
export interface Option {
  /** Its short name where it has one: `-i` for `--in-interface`. */
  readonly option: string;
  readonly values: readonly Word[];
  readonly negated: boolean;
}

const long: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--replace': '-R',
  '--delete': '-D',
  '--check': '-C',
  '--new-chain': '-N',
  '--policy': '-P',
  '--table': '-t',
  '--in-interface': '-i',
  '--in-if': '-i',
  '--out-interface': '-o',
  '--out-if': '-o',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--protocol': '-p',
  '--proto': '-p',
  '--destination-port': '--dport',
  '--destination-ports': '--dport',
  '--dports': '--dport',
  '--source-port': '--sport',
  '--source-ports': '--sport',
  '--sports': '--sport',
  '--port': '--ports',
  '--match': '-m',
  '--jump': '-j',
  '--goto': '-g',
  '--ipv4': '-4',
  '--ipv6': '-6',
};

/** Those that iptables also knows by their beginnings. */
const abbreviable: readonly string[] = [
  '--in-interface',
  '--out-interface',
  '--source',
  '--destination',
  '--protocol',
];

/** Options whose word is taken as it is, whatever it looks like. */
const ofText: readonly string[] = [...proseOptions, '--u32', '--bytecode'];

/** Options that ask nothing of a packet: they say something to people, or to the listing. */
export const silentOptions: readonly string[] = ['--comment', '-c', '--set-counters'];

/** Splits a line into words as iptables-restore does, quotes taken away. */
export function iptablesWords(line: Word): readonly Word[] {
  const words: Word[] = [];
  let parts: Word[] = [];
  const flush = (): void => {
    const [first, ...others] = parts;
    if (first !== undefined) words.push(others.length === 0 ? first : joinWords(parts));
    parts = [];
  };
  for (const { 1: double, 2: single, 3: plain, index } of line.text.matchAll(
    // What nobody closes goes to the line's end: else each quote in it would look for its end anew.
    /"((?:\\.|[^"\\])*)(?:"|$)|'([^']*)(?:'|$)|([^\s"']+)|\s+/g,
  )) {
    const quoted = double ?? single;
    if (plain !== undefined) parts.push(sliceOf(line, index, index + plain.length));
    else if (quoted === undefined) flush();
    else parts.push(sliceOf(line, index + 1, index + 1 + quoted.length));
  }
  flush();
  return words.filter(({ text }) => text !== '');
}

/** Options with the words behind them, up to the next. `!` stands before an option, or, as was right once, behind it. */
export function optionsOf(words: readonly Word[]): readonly Option[] {
  const found: { option: string; values: Word[]; negated: boolean }[] = [];
  let negated = false;
  for (const [index, word] of words.entries()) {
    const last = found.at(-1);
    const isFirst = last?.values.length === 0;
    if (isFirst && ofText.includes(last.option)) last.values.push(word);
    else if (word.text === '!' && isFirst && !isOption(words[index + 1]?.text)) last.negated = true;
    else if (word.text === '!') negated = true;
    else if (isOption(word.text)) {
      const [option, value] = apart(word);
      found.push({ option, values: value === undefined ? [] : [value], negated });
      negated = false;
    } else last?.values.push(word);
  }
  return found;
}

function isOption(word = '-'): boolean {
  return /^--?[a-z]|^-[46]$/i.test(word);
}

/** An option's name, and the value that is in the same word: `-ieth7`, `--source=192.0.2.1`. */
function apart(word: Word): readonly [string, Word?] {
  const { text } = word;
  if (!text.startsWith('--')) {
    const hasValue = text.length > 2 && /^-[iosdpjgmt]/.test(text);
    return hasValue ? [text.slice(0, 2), sliceOf(word, 2)] : [text];
  }
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const meant = name.length > 4 ? abbreviable.find((one) => one.startsWith(name)) : undefined;
  const option = long[name] ?? long[meant ?? ''] ?? name;
  return equals < 0 ? [option] : [option, sliceOf(word, equals + 1)];
}
