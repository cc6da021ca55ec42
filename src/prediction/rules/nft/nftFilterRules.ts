import { clausesOf } from '../../../scenario/syntax/nftClauses.js';
import type { Word } from '../../../scenario/syntax/word.js';
import type { FileLine } from '../../../site/model/sourceFile.js';
import { type Action, type ConntrackState, type FilterRule, type Term } from '../../model/filter.js';
import { flagBits } from '../terms.js';
import { bitmaskAt, type BitmaskTest } from './bitmask.js';
import type { NftTable } from './nftTable.js';
import { headerTerms, keyTerms, matchTerms, textTerm } from './nftTerms.js';
import { protocolTerm } from '../terms.js';

/** A statement of a chain as rules: one, or one for each element of its verdict map. */
export function nftRules(words: readonly Word[], at: FileLine, table: NftTable): readonly FilterRule[] {
  const terms: Term[] = [];
  const rules: FilterRule[] = [];
  let action: Action = { kind: 'nothing' };
  for (const part of apart(words)) {
    if ('term' in part) {
      terms.push(...part.term);
      continue;
    }
    for (const clause of clausesOf(part.words)) {
      switch (clause.kind) {
        case 'match': {
          if (clause.lookup === 'value') {
            terms.push(...matchTerms(clause, table));
            break;
          }
          const elements = clause.set === undefined ? clause.elements : table.elementsOf(clause.set);
          // A key that is not in the map ends the rule.
          if (elements === undefined || clause.lookup === 'map' || !clause.isPlain) {
            terms.push(...headerTerms(clause), textTerm(clause.words));
            if (clause.lookup === 'vmap')
              action = { kind: 'unclear', why: 'what the map has is not in any file' };
            break;
          }
          for (const { keys, data } of elements)
            rules.push({
              at,
              terms: [...terms, ...headerTerms(clause), ...keyTerms(clause, keys)],
              action: verdictOf(data, table),
            });
          break;
        }
        case 'verdict':
          if (action.kind === 'nothing') action = verdictOf(clause.words, table);
          break;
        case 'mark':
          if (clause.of === 'packet') {
            const value = Number(clause.value?.text ?? Number.NaN);
            const set = Number.isNaN(value) ? undefined : { clear: 0xffff_ffff, flip: value };
            rules.push({ at, terms: [...terms], action: { kind: 'mark', set } });
          }
          break;
        case 'send': {
          const how = clause.words.map(({ text }) => text).join(' ');
          if (['dnat', 'redirect', 'tproxy', 'fwd'].includes(clause.verb)) action = { kind: 'divert', how };
          else if (['snat', 'masquerade'].includes(clause.verb)) action = { kind: 'source', how };
          break;
        }
        case 'store':
          // An element may be added up to a limit, behind which the rule does not match.
          if (clause.words.some(({ text }) => ['limit', 'quota', 'count'].includes(text)))
            terms.push(textTerm(clause.words));
          break;
        case 'change': {
          const [first] = clause.words;
          if (first?.text === 'notrack') rules.push({ at, terms: [...terms], action: { kind: 'untrack' } });
          else if (first?.text === 'synproxy')
            action = { kind: 'unclear', why: 'the director answers the handshake itself' };
          break;
        }
        case 'unknown':
          terms.push(textTerm(clause.words));
      }
    }
  }
  return action.kind === 'nothing' ? rules : [...rules, { at, terms, action }];
}

const states: Readonly<Record<ConntrackState, number>> = {
  INVALID: 1,
  ESTABLISHED: 2,
  RELATED: 4,
  NEW: 8,
  UNTRACKED: 64,
};

/** Comparisons of bits taken out of a statement, which have ways of their own to be written. */
function apart(
  words: readonly Word[],
): readonly ({ readonly words: readonly Word[] } | { readonly term: readonly Term[] })[] {
  const found: ({ readonly words: readonly Word[] } | { readonly term: readonly Term[] })[] = [];
  const text = (at: number): string => words[at]?.text ?? '';
  let from = 0;
  for (let at = 0; at < words.length; at += 1) {
    const isState = text(at) === 'ct' && text(at + 1) === 'state';
    const isFlags = text(at) === 'tcp' && text(at + 1) === 'flags';
    // What is behind a comment's word, in a concatenation or a map is not compared here.
    const isPlain =
      !['vmap', 'map', '.', 'set'].includes(text(at + 2)) &&
      text(at - 1) !== '.' &&
      text(at - 1) !== 'comment';
    if ((!isState && !isFlags) || !isPlain) continue;
    const read = bitmaskAt(words, at + 2, isState ? stateBit : (name) => flagBits([name]));
    const test = read.test;
    const term =
      test === undefined ? textTerm(words.slice(at, read.end)) : isState ? stateTerm(test) : flagsTerm(test);
    if (at > from) found.push({ words: words.slice(from, at) });
    found.push({ term: isFlags ? [protocolTerm('tcp'), term] : [term] });
    at = read.end - 1;
    from = read.end;
  }
  if (from < words.length) found.push({ words: words.slice(from) });
  return found;
}

function stateBit(name: string): number | undefined {
  const state = name.toUpperCase();
  return Object.hasOwn(states, state) ? states[state as ConntrackState] : undefined;
}

function stateTerm({ mask, values, negated }: BitmaskTest): Term {
  const taken = Object.entries(states).flatMap(([state, bit]) =>
    values.includes((bit & mask) >>> 0) === negated ? [] : [state as ConntrackState],
  );
  return { kind: 'state', states: taken, negated: false };
}

function flagsTerm({ mask, values, negated }: BitmaskTest): Term {
  return { kind: 'flags', mask: mask & 0xff, values, negated };
}

function verdictOf(words: readonly Word[], { keyOf }: NftTable): Action {
  const [verdict = '', name = ''] = words.map(({ text }) => text);
  switch (verdict) {
    case 'accept':
      return { kind: 'accept' };
    case 'drop':
      return { kind: 'refuse', how: 'drop' };
    case 'reject':
      return { kind: 'refuse', how: words.map(({ text }) => text).join(' ') };
    case 'return':
      return { kind: 'return' };
    case 'jump':
    case 'goto':
      if (name === '{')
        return {
          kind: 'unclear',
          why: 'a chain without a name is not followed here: give it one (`chain NAME { ... }`)',
        };
      return { kind: verdict, chain: keyOf(name) };
    case 'queue':
      return { kind: 'unclear', why: 'another program decides' };
    case 'continue':
      return { kind: 'nothing' };
    // A `send` clause before it has said what it does.
    case 'dnat':
    case 'redirect':
    case 'tproxy':
      return { kind: 'divert', how: verdict };
    case 'snat':
    case 'masquerade':
      return { kind: 'source', how: verdict };
    default:
      return { kind: 'unclear', why: `\`${verdict}\` is not known here` };
  }
}
