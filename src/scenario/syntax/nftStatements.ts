import { sliceOf, type Word, wordAt } from './word.js';

/** A word of an nft text. */
export interface NftWord extends Word {
  /** The line on which it stands, counted from 1. */
  readonly line: number;
  /** The variable whose definition it is from. */
  readonly variable?: string;
}

/** One statement of an nft text: a rule, a part of a chain's head, or a set's elements. */
export interface NftStatement {
  /** `inet firewalld`. */
  readonly table: string | undefined;
  /** `['chain', 'input']`, `['set', 'deny']`; undefined outside of both. */
  readonly block: readonly [string, string] | undefined;
  readonly words: readonly NftWord[];
  /** The line of its first word, counted from 1. */
  readonly line: number;
}

/** A placeholder's braces open nothing. */
const pattern =
  /#[^\n]*|"([^"\n]*)"|\\\n|(\n)|([{};,])|(!=|==|<=|>=|[=:](?=\s))|((?:\$\{\w{1,64}\}|[^\s"{};,])+)/g;
const blocks: readonly string[] = [
  'chain',
  'set',
  'map',
  'flowtable',
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
];

const withName = /^([a-z][\w.@-]*|):[a-z]\w*$/i;
const withVerdict = /^([^:]+):(?:accept|drop|return|continue|jump|goto|queue)$/;

/** No heading has as many words; a statement may have any number. */
const longestHeading = 6;

/** Definitions of definitions grow without end; no text of a site's comes near. */
const mostFilledIn = 1_000_000;

/** The statements of an nft text, those of `add rule FAMILY TABLE CHAIN ...` among them, with what `define` names filled in. */
export function nftStatements(source: Word): readonly NftStatement[] {
  const found: NftStatement[] = [];
  const defined = new Map<string, readonly NftWord[]>();
  let filledIn = 0;
  let table: string | undefined;
  let block: readonly [string, string] | undefined;
  let depth = 0;
  let words: NftWord[] = [];
  const fill = (word: NftWord): readonly NftWord[] => {
    const name = word.text.startsWith('$') ? word.text.slice(1) : undefined;
    const meant = name === undefined ? undefined : defined.get(name);
    if (name === undefined || meant === undefined || filledIn + meant.length > mostFilledIn) return [word];
    filledIn += meant.length;
    return meant.map((one) => ({ ...one, line: word.line, variable: name }));
  };
  const flush = (): void => {
    const [first, name] = words;
    const filled = words.flatMap(fill);
    words = [];
    if (first === undefined) return;
    if (first.text === 'define') defined.set(name?.text ?? '', filled.slice(3));
    else found.push(...statementsOf({ table, block, words: filled, line: first.line }));
  };
  for (const word of wordsOf(source)) {
    if (word.text === '{' && depth === 0) {
      // In a chain or a set none begins: `counter tcp dport { 80, 443 } accept` is a rule.
      const isHeading = block === undefined && words.length <= longestHeading;
      const heading = isHeading ? headingOf(words.map(({ text }) => text)) : undefined;
      if (heading === undefined) {
        depth += 1;
        words.push(word);
        continue;
      }
      if (heading.table !== undefined) table = heading.table;
      if (heading.block !== undefined) block = heading.block;
      words = [];
    } else if (word.text === '{') {
      depth += 1;
      words.push(word);
    } else if (word.text === '}' && depth > 0) {
      depth -= 1;
      words.push(word);
    } else if (word.text === '}') {
      flush();
      if (block === undefined) table = undefined;
      block = undefined;
    } else if ((word.text === '\n' || word.text === ';') && depth === 0) flush();
    else if (word.text !== '\n') words.push(word);
  }
  flush();
  return found;
}

/** The statements of a whole nft text, whose places count from its beginning; none for undefined. */
export function nftTextStatements(text: string | undefined): readonly NftStatement[] {
  return text === undefined ? [] : nftStatements(wordAt(text, 0));
}

function wordsOf(source: Word): readonly NftWord[] {
  const found: NftWord[] = [];
  let line = 1;
  for (const { 0: whole, 1: quoted, 2: end, 3: brace, 4: sign, 5: plain, index } of source.text.matchAll(
    pattern,
  )) {
    const part = (from: number, to: number) => ({ ...sliceOf(source, from, to), line });
    const bare = end ?? brace ?? sign;
    if (quoted !== undefined) found.push(part(index + 1, index + 1 + quoted.length));
    else if (bare !== undefined) found.push(part(index, index + bare.length));
    else if (plain !== undefined)
      found.push(...splitColon(plain).map(([from, to]) => part(index + from, index + to)));
    if (whole.includes('\n')) line += 1;
  }
  return found;
}

/** `lo:accept` of a verdict map is three words, `:accept` behind a quoted name two; addresses of IPv6 are one. */
function splitColon(word: string): readonly (readonly [number, number])[] {
  const [, key] = withName.exec(word) ?? withVerdict.exec(word) ?? [];
  if (key === undefined) return [[0, word.length]];
  const parts: readonly (readonly [number, number])[] = [
    [0, key.length],
    [key.length, key.length + 1],
    [key.length + 1, word.length],
  ];
  return parts.filter(([from, to]) => from < to);
}

interface Heading {
  readonly table?: string;
  readonly block?: readonly [string, string];
}

/** What words before a brace open: a table, something in one, or, as undefined, the elements of a set. */
function headingOf(words: readonly string[]): Heading | undefined {
  if (words.includes('=')) return undefined;
  const rest = ['add', 'create'].includes(words[0] ?? '') ? words.slice(1) : words;
  const [kind = '', ...names] = rest;
  if (kind === 'table') return { table: names.length > 1 ? names.join(' ') : `ip ${names[0] ?? ''}` };
  if (kind === 'ct' && ['helper', 'timeout', 'expectation'].includes(names[0] ?? ''))
    return { block: [kind, names[1] ?? ''] };
  if (!blocks.includes(kind) || names.length === 0 || names.length > 3) return undefined;
  const block = [kind, names.at(-1) ?? ''] as const;
  if (names.length === 1) return { block };
  // Without a family it is IPv4's.
  return { table: names.length === 2 ? `ip ${names[0] ?? ''}` : names.slice(0, -1).join(' '), block };
}

/** `add rule inet f input ...`, `add element inet f s { ... }` name what others are written in. */
function statementsOf(statement: NftStatement): readonly NftStatement[] {
  const [verb, kind, ...rest] = statement.words;
  if (!['add', 'create', 'insert', 'replace'].includes(verb?.text ?? '')) return [statement];
  // A statement in a chain that adds to a set.
  if (kind === undefined || kind.text.startsWith('@')) return [statement];
  const family = rest[0]?.text ?? '';
  const hasFamily = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'].includes(family);
  const [table, name, ...words] = hasFamily
    ? [`${family} ${rest[1]?.text ?? ''}`, ...rest.slice(2)]
    : [`ip ${family}`, ...rest.slice(1)];
  const called = name?.text ?? '';
  if (kind.text === 'rule') {
    const isPlaced = ['position', 'handle', 'index'].includes(words[0]?.text ?? '');
    return [{ ...statement, table, block: ['chain', called], words: isPlaced ? words.slice(2) : words }];
  }
  if (kind.text === 'element') {
    const heading = ['elements', '='].map((text) => ({ ...wordAt('', 0), text, line: statement.line }));
    return [{ ...statement, table, block: ['set', called], words: [...heading, ...words] }];
  }
  return [];
}
