import { iptablesWords } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { ipsetSets } from '../../scenario/syntax/namedSets.js';
import { type Side, subject, type SubjectType } from '../../scenario/syntax/subject.js';
import { linesOf, type Word } from '../../scenario/syntax/word.js';
import { parseRange } from '../../site/model/addressRange.js';
import type { SourceFile } from '../../site/model/sourceFile.js';
import type { Term } from '../model/filter.js';
import type { SetTerms } from './iptablesTerms.js';
import { subjectTerm } from './subjectTerm.js';
import { opaqueTerm, protocolTerm } from './terms.js';

/**
 * Reads `ipset save`, and gives a function that says what a match of a set asks of packets. A set that is in no file is taken for one of clients,
 * whose members nobody knows.
 */
export function ipsetTerms(files: readonly SourceFile[]): SetTerms {
  const lines = files.flatMap(({ text }) => linesOf(text.replaceAll('\r', '')).map(iptablesWords));
  const sets = ipsetSets(lines);
  /** Sets whose members come and go, and those that have exceptions. */
  const changing = new Set(
    lines.flatMap((words) => {
      const texts = words.map(({ text }) => text);
      const isChanging = texts.includes('timeout') || texts.includes('nomatch');
      return isChanging && texts[1] !== undefined ? [texts[1]] : [];
    }),
  );
  return (name, sides, negated) => {
    const side = sideAt(sides, 0);
    const set = sets.get(name);
    const listed: readonly Term[] = [{ kind: 'listed', side, name, negated }];
    if (set?.isMade !== true)
      return sides.length === 1
        ? listed
        : [opaqueTerm(`the set ${name}`, 'what the set has is not in any file')];
    const isChanging = changing.has(name);
    if (set.types.length === 1 && set.types[0] === 'address') {
      const ranges = set.elements.map(({ keys: [key] }) => parseRange(key?.text ?? ''));
      const known = ranges.filter((range) => range !== undefined);
      const isKnown = !isChanging && known.length === ranges.length;
      return isKnown ? [{ kind: 'address', side, ranges: known, negated }] : listed;
    }
    const alternatives = set.elements.map(({ keys }) => partTerms(set.types, sides, keys));
    const known = alternatives.filter((terms) => terms !== undefined);
    return isChanging || known.length < alternatives.length
      ? [opaqueTerm(`the set ${name}`, `what is in a set of ${set.types.join(', ')} is not followed here`)]
      : [{ kind: 'any', alternatives: known, text: `the set ${name}`, negated }];
  };
}

/** The sets that `ipset save` makes. */
export function ipsetNames(files: readonly SourceFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ text }) =>
      [...text.matchAll(/^\s*(?:ipset\s+)?(?:create|-N|--create)\s+(?:-exist\s+)?(\S+)/gm)].map(
        ([, name = '']) => name,
      ),
    ),
  );
}

/** What an element of several parts asks; undefined: one of its parts is not followed here. */
function partTerms(
  types: readonly SubjectType[],
  sides: readonly Side[],
  keys: readonly Word[],
): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (const [index, type] of types.entries()) {
    const text = keys[index]?.text ?? '';
    // `udp:53`; of TCP where no protocol stands before it.
    const [, protocol = 'tcp', port = ''] = /^(?:(\w+):)?(.+)$/.exec(text) ?? [];
    const value = type === 'port' ? port : text;
    const term = subjectTerm(subject(type, sideAt(sides, index)), [value], { negated: false });
    if (term === undefined) return undefined;
    terms.push(...(type === 'port' ? [protocolTerm(protocol)] : []), term);
  }
  return terms;
}

function sideAt(sides: readonly Side[], index: number): 'source' | 'destination' {
  return sides[index] === 'destination' ? 'destination' : 'source';
}
