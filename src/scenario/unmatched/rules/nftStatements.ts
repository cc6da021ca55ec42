/** One statement of an nft text: a rule, a part of a chain's head, or a set's elements. */
export interface NftStatement {
  /** `inet firewalld`. */
  readonly table: string | undefined;
  /** `['chain', 'input']`, `['set', 'deny']`; undefined outside of both. */
  readonly block: readonly [string, string] | undefined;
  readonly words: readonly string[];
  /** The line of its first word, counted from 1. */
  readonly line: number;
}

interface Word {
  readonly text: string;
  readonly line: number;
}

const pattern = /#[^\n]*|"([^"\n]*)"|\\\n|(\n)|([{};,])|(!=|==|<=|>=|[=:](?=\s))|([^\s"{};,]+)/g;
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

/** The statements of an nft text, those of `add rule FAMILY TABLE CHAIN ...` among them, with what `define` names filled in. */
export function nftStatements(text: string): readonly NftStatement[] {
  const found: NftStatement[] = [];
  const defined = new Map<string, readonly string[]>();
  let table: string | undefined;
  let block: readonly [string, string] | undefined;
  let depth = 0;
  let words: Word[] = [];
  const flush = (): void => {
    const [first, ...rest] = words;
    words = [];
    if (first === undefined) return;
    const plain = [first.text, ...rest.map((word) => word.text)];
    if (plain[0] === 'define') {
      defined.set(plain[1] ?? '', plain.slice(3));
      return;
    }
    const filled = plain.flatMap((word) =>
      word.startsWith('$') ? (defined.get(word.slice(1)) ?? [word]) : [word],
    );
    found.push(...statementsOf({ table, block, words: filled, line: first.line }));
  };
  // A placeholder's braces open nothing.
  for (const word of wordsOf(text.replaceAll(/\$\{(\w+)\}/g, '$$$1'))) {
    if (word.text === '{' && depth === 0) {
      const heading = headingOf(words.map((one) => one.text));
      if (heading === undefined || words.some((one) => one.text === '=')) {
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

function wordsOf(text: string): readonly Word[] {
  const found: Word[] = [];
  let line = 1;
  for (const [whole, quoted, end, brace, sign, plain] of text.matchAll(pattern)) {
    const word = quoted ?? end ?? brace ?? sign ?? plain;
    if (word !== undefined)
      found.push(...splitColon(word, quoted !== undefined).map((part) => ({ text: part, line })));
    if (whole.includes('\n')) line += 1;
  }
  return found;
}

/** `lo:accept` of a verdict map is three words; addresses of IPv6 and quoted names are one. */
function splitColon(word: string, isQuoted: boolean): readonly string[] {
  const colon = isQuoted ? null : /^([a-z]\w*):([a-z]\w*)$/i.exec(word);
  return colon === null ? [word] : [colon[1] ?? '', ':', colon[2] ?? ''];
}

interface Heading {
  readonly table?: string;
  readonly block?: readonly [string, string];
}

/** What words before a brace open: a table, something in one, or, as undefined, the elements of a set. */
function headingOf(words: readonly string[]): Heading | undefined {
  const rest = ['add', 'create'].includes(words[0] ?? '') ? words.slice(1) : words;
  const [kind = '', ...names] = rest;
  if (kind === 'table') return { table: names.length > 1 ? names.join(' ') : `ip ${names[0] ?? ''}` };
  if (kind === 'ct' && ['helper', 'timeout', 'expectation'].includes(names[0] ?? ''))
    return { block: [kind, names[1] ?? ''] };
  if (!blocks.includes(kind) || names.length === 0 || names.length > 3) return undefined;
  const block = [kind, names.at(-1) ?? ''] as const;
  return names.length === 1 ? { block } : { table: names.slice(0, -1).join(' '), block };
}

/** `add rule inet f input ...`, `add element inet f s { ... }` name what others are written in. */
function statementsOf(statement: NftStatement): readonly NftStatement[] {
  const [verb = '', kind = '', ...rest] = statement.words;
  if (!['add', 'insert', 'replace'].includes(verb)) return [statement];
  const hasFamily = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'].includes(rest[0] ?? '');
  const [table, name = '', ...words] = hasFamily
    ? [`${rest[0]} ${rest[1] ?? ''}`, ...rest.slice(2)]
    : [`ip ${rest[0] ?? ''}`, ...rest.slice(1)];
  if (kind === 'rule') {
    const isPlaced = ['position', 'handle', 'index'].includes(words[0] ?? '');
    return [{ ...statement, table, block: ['chain', name], words: isPlaced ? words.slice(2) : words }];
  }
  if (kind === 'element')
    return [{ ...statement, table, block: ['set', name], words: ['elements', '=', ...words] }];
  return [];
}
