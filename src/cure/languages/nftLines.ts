import { nftTextStatements, type NftWord } from '../../scenario/syntax/nftStatements.js';
import type { Draft } from '../model/draft.js';

/** A rule of an nft text, and where it stands. */
export interface NftRule {
  /** `inet filter input`. */
  readonly chain: string;
  /** Its place among the rules of its chain, counted from 0, as nft counts. */
  readonly index: number;
  /** The lines of its first and its last word, counted from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** Where it begins in its first line, and where it ends in its last, counted from 0. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an nft text is made of. */
export interface NftLines {
  readonly rules: readonly NftRule[];
  /** The last statement of each chain's head: its type, its policy. */
  readonly heads: ReadonlyMap<string, NftRule>;
}

/** Words with which statements begin that say what a chain is. */
const headWords: readonly string[] = ['type', 'policy', 'device', 'devices', 'flags', 'comment'];

/** Where everything is in an nft text. */
export function nftLines(draft: Draft): NftLines {
  const source = draft.file.text.replaceAll('\r', ' ');
  const starts = lineStarts(source);
  const rules: NftRule[] = [];
  const heads = new Map<string, NftRule>();
  const counts = new Map<string, number>();
  for (const { table, block, words } of nftTextStatements(source)) {
    if (table === undefined || block?.[0] !== 'chain') continue;
    const own = words.filter(({ variable }) => variable === undefined);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    const chain = `${table} ${block[1]}`;
    const isHead = headWords.includes(first.text);
    const index = counts.get(chain) ?? 0;
    const [from, to] = [spanIn(source, first).start, spanIn(source, last).end];
    const found: NftRule = {
      chain,
      index,
      line: first.line,
      lastLine: last.line,
      start: from - (starts[first.line - 1] ?? 0),
      end: to - (starts[last.line - 1] ?? 0),
      text: source.slice(from, to),
    };
    if (isHead) heads.set(chain, found);
    else {
      rules.push(found);
      counts.set(chain, index + 1);
    }
  }
  return { rules, heads };
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (const { index } of source.matchAll(/\n/g)) starts.push(index + 1);
  return starts;
}

/** Where a word stands, with the quotes around it. */
function spanIn(source: string, word: NftWord): { readonly start: number; readonly end: number } {
  const [segment] = word.segments;
  const start = segment?.start ?? 0;
  const end = start + (segment?.length ?? 0);
  const isQuoted = source[start - 1] === '"' && source[end] === '"';
  return isQuoted ? { start: start - 1, end: end + 1 } : { start, end };
}
