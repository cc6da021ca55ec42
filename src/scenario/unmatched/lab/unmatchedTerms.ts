import type { MarkOwner } from '../../syntax/subject.js';
import type { NamedSet } from '../../syntax/namedSets.js';
import { conditionsOf } from '../rules/conditions.js';
import type { MatchTerm, Condition } from '../rules/rule.js';
import type { UnmatchedTerm } from './unmatchedTerm.js';
import { type NodeFacts, rootNames } from './nodeFacts.js';

/** The names in a rule's condition that the node does not have. Empty: the condition may match some packets and not others. */
export function unmatchedTerms(asked: MatchTerm, node: NodeFacts): readonly UnmatchedTerm[] {
  switch (asked.kind) {
    case 'interface':
      return ofInterfaces(asked, node);
    case 'address':
      return ofAddresses(asked.ranges, asked.negated, node);
    case 'set':
      return ofSet(asked, node);
    case 'tuples':
      return ofTuples(asked.tuples, asked.negated, node);
    case 'mark':
      return asked.negated || canBeMarked(asked.value, asked.mask, asked.of, node)
        ? []
        : [{ kind: 'mark', name: `0x${asked.value.toString(16)}`, how: 'cannot' }];
    case 'user':
    case 'group':
      return ofNames(asked, (name) => rootNames.includes(name) || /[-$]/.test(name));
    case 'devgroup':
      return ofNames(asked, (name) => ['default', '0', '0x0'].includes(name) || node.mentioned.has('group'));
    case 'realm':
      return ofNames(
        asked,
        (name) => ['cosmos', 'unknown', '0', '0x0'].includes(name) || node.mentioned.has('realm'),
      );
    case 'cgroup':
      return ofNames(asked, (name) => [...node.mentioned].some((word) => word.includes(name)));
    case 'mac':
      return ofNames(asked, isAnybodys);
    case 'protocol':
    case 'ports':
    case 'family':
    case 'state':
    case 'other':
      return [];
  }
}

/** The names in what a rule does, such as an address in a target, that the node or the lab does not have. */
export function unmatchedUses(uses: readonly Condition[], node: NodeFacts): readonly UnmatchedTerm[] {
  return uses
    .flatMap((one) => unmatchedTerms({ ...one, negated: false }, node))
    .filter(({ name }) => !node.given.has(name))
    .map((one) => (one.how === 'cannot' ? { ...one, how: 'target' } : one));
}

function ofNames(
  {
    kind,
    names,
    negated,
  }: Extract<MatchTerm, { readonly kind: UnmatchedTerm['kind']; readonly names: readonly string[] }>,
  isThere: (name: string) => boolean,
): readonly UnmatchedTerm[] {
  if (names.some(isThere)) return [];
  return names.map((name) => ({ kind, name, how: negated ? 'always' : 'cannot' }));
}

/** Whether it is no hardware address, or one of several nodes: that of a group, or of all. */
function isAnybodys(mac: string): boolean {
  const [, first] = /^([\da-f]{1,2})(?::[\da-f]{1,2}){5}$/i.exec(mac) ?? [];
  return first === undefined || Number.parseInt(first, 16) % 2 === 1;
}

function ofInterfaces(
  { names, way, negated }: Extract<MatchTerm, { readonly kind: 'interface' }>,
  node: NodeFacts,
): readonly UnmatchedTerm[] {
  const missing = names.filter((name) => way === 'bridge' || !isThere(name, node.interfaces));
  const how = missing.length < names.length ? 'partly' : negated ? 'always' : 'cannot';
  return missing.map((name) => ({ kind: 'interface', name, how }));
}

function isThere(name: string, interfaces: readonly string[]): boolean {
  return name.endsWith('*')
    ? interfaces.some((one) => one.startsWith(name.slice(0, -1)))
    : interfaces.includes(name);
}

/** A list of ranges is reported only when none of them is in the lab: one that is makes the rule work. */
function ofAddresses(
  ranges: readonly string[],
  negated: boolean,
  { addresses }: NodeFacts,
): readonly UnmatchedTerm[] {
  const found = ranges.map((name) => ({ name, presence: addresses.presenceOf(name) }));
  if (found.some(({ presence }) => presence !== 'absent' && presence !== 'perhaps')) return [];
  return found.map(({ name, presence }) => ({
    kind: 'address',
    name,
    how: presence === 'perhaps' ? 'unknown' : negated ? 'always' : 'cannot',
  }));
}

/** A set is looked through once for all rules that ask for it in the same way. */
function ofSet(
  asked: Extract<MatchTerm, { readonly kind: 'set' }>,
  node: NodeFacts,
): readonly UnmatchedTerm[] {
  const set = node.sets.get(asked.name);
  const name = asked.name.split(' ').at(-1) ?? '';
  if (set?.isMade !== true) return [{ kind: 'set', name, how: 'unmade' }];
  const key = JSON.stringify([asked.name, asked.sides, asked.negated]);
  const known = node.lookedUp.get(key) ?? ofElements(name, set, asked, node);
  node.lookedUp.set(key, known);
  return known;
}

function ofElements(
  name: string,
  { types, elements }: NamedSet,
  { sides, negated }: Extract<MatchTerm, { readonly kind: 'set' }>,
  node: NodeFacts,
): readonly UnmatchedTerm[] {
  // A rule that puts something into it asks for nothing in it, and an empty one is so on the site, too.
  if (sides.length === 0 || elements.length === 0) return [];
  // A rule may say fewer sides than the set's elements have parts.
  const subjects = types.map((type, index) => ({ type, side: sides[index] ?? sides.at(-1) ?? 'other' }));
  const tuples = elements.map(({ keys }) => conditionsOf(subjects, keys));
  const found = ofTuples(tuples, negated, node);
  const other = found.find((one) => one.kind !== 'interface' && one.how !== 'partly');
  const interfaces = found.filter(({ kind }) => kind === 'interface');
  // Interfaces are told by their names, as these can be given others; a block list's addresses are not.
  return other === undefined ? interfaces : [...interfaces, { kind: 'set', name, how: other.how }];
}

/** None of several holds: what each of them lacks. One does: the interfaces that the others lack. */
function ofTuples(
  tuples: readonly (readonly Condition[])[],
  negated: boolean,
  node: NodeFacts,
): readonly UnmatchedTerm[] {
  const each = tuples.map((tuple) =>
    tuple.flatMap((one) => unmatchedTerms({ ...one, negated: false }, node)),
  );
  const isPartly = each.some((found) => found.length === 0);
  const all = isPartly ? each.flat().filter(({ kind }) => kind === 'interface') : each.flat();
  return all.map((one): UnmatchedTerm => {
    if (one.how !== 'cannot') return one;
    return { ...one, how: isPartly ? 'partly' : negated ? 'always' : 'cannot' };
  });
}

/** Whether the known mark settings, combined, can produce this value. An unset mark is 0, so 0 always matches. */
function canBeMarked(value: number, mask: number, of: MarkOwner, { marks }: NodeFacts): boolean {
  if (value === 0) return true;
  const settings = marks.filter((setting) => setting.of === of);
  if (settings.some((setting) => setting.value === undefined)) return true;
  const bits = settings.reduce((all, setting) => all | BigInt(setting.value ?? 0), 0n);
  return (BigInt(value) & BigInt(mask) & ~bits) === 0n;
}
