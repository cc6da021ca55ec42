import type { UnmatchedName } from '../../scenario/model/unmatchedName.js';
import { unmatchedAt } from '../../scenario/unmatched/foundText.js';
import type { Paint } from '../text/colour.js';

/** How many names of one file are shown: a block list may have tens of thousands. */
const most = 100;

/**
 * Names in a file that the lab does not have, one per line, beginning with those that a verdict may depend on. Of very many, the first ones
 * and the number of the others.
 */
export function unmatchedLines(
  shown: string,
  unmatched: readonly UnmatchedName[],
  paint: Paint,
): readonly string[] {
  const ordered = unmatched.toSorted((one, other) => Number(other.counts) - Number(one.counts));
  const lines = ordered.slice(0, most).map((one) => {
    const weight = one.counts ? '; a verdict that may depend on it is inconclusive' : '';
    return `${paint.yellow('warning:')} ${unmatchedAt(shown, one)}${weight}`;
  });
  const rest = ordered.slice(most);
  if (rest.length === 0) return lines;
  const counting = rest.filter(({ counts }) => counts).length;
  const weight =
    counting === 0 ? 'on none of which a verdict depends' : `on ${counting} of which a verdict may depend`;
  return [
    ...lines,
    `${paint.yellow('warning:')} ${shown}: names ${rest.length} more things that the lab does not have, ${weight}`,
  ];
}

/** Advice on names that a verdict may depend on; empty when there are none. */
export function unmatchedHintLines(unmatched: readonly UnmatchedName[]): readonly string[] {
  const counting = unmatched.filter(({ counts }) => counts);
  if (counting.length === 0) return [];
  const kinds = new Set(counting.map(({ kind }) => kind));
  const advice = [...kinds].flatMap((kind) => adviceFor[kind] ?? []);
  const asItIs = 'take the verdict as it is: `unmatched: accept`';
  return [`  hint: ${advice.length === 0 ? asItIs : [...advice, `or ${asItIs}`].join(', ')}`];
}

/** What to do about a kind of thing that the lab does not have; of the others the warning itself says it, or there is nothing to be done. */
const adviceFor: Readonly<Partial<Record<UnmatchedName['kind'], string>>> = {
  interface: 'say what an interface is in the lab (`director: { interfaces: { bond0: eth0 } }`, or `none`)',
  address: 'write `${VIP}` and the like for addresses',
  set: 'make sets with `ipset: { file: my.ipset }`, as `ipset save` prints them',
};

/** The same for a user who runs a scenario: names that a verdict may depend on in full, and the number of the others. */
export function unmatchedAtRunLines(
  shown: string,
  unmatched: readonly UnmatchedName[],
  paint: Paint,
): readonly string[] {
  const counting = unmatched.filter(({ counts }) => counts);
  const others = unmatched.length - counting.length;
  const things = others === 1 ? 'thing' : 'things';
  return [
    ...unmatchedLines(shown, counting, paint),
    ...(others === 0
      ? []
      : [
          `${shown}: names ${others} ${counting.length > 0 ? 'more ' : ''}${things} that the lab does not have; no verdict depends on ${others === 1 ? 'it' : 'them'} (\`lvs-lab validate ${shown}\`)`,
        ]),
    ...unmatchedHintLines(counting),
  ];
}
