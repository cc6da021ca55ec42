import type { FilterRule, Term } from '../model/filter.js';
import { isInRange } from '../../site/model/addressRange.js';
import { isWithin } from '../rules/terms.js';
import { AtomSet } from './atomSet.js';
import { type Dimension, dimensions, type Region } from './box.js';
import type { AddressField, KindView, PortField, View } from './view.js';

/** Kinds by their bits, for packets that conntrack looks at and for others. */
export interface KindMasks {
  readonly tracked: number;
  readonly untracked: number;
}

type Of<Kind extends Term['kind']> = Extract<Term, { readonly kind: Kind }>;

/** A rule as it is for the packets at one place. */
export interface CompiledRule {
  readonly rule: FilterRule;
  /** The kinds that it may take. */
  readonly kinds: KindMasks;
  /** Of these, the kinds of which nobody knows whether it takes them. */
  readonly doubtful: KindMasks;
  /** The kinds that it would take if their state were another. */
  readonly near: KindMasks;
  readonly sets: Omit<Region, 'kinds'>;
  readonly marks: readonly Of<'mark'>[];
  /** What cannot be known about any packet. */
  readonly opaque: readonly Of<'opaque'>[];
  /** What is taken for granted where it is reached. */
  readonly assumed: readonly string[];
}

/** Which packets of a view one term takes: surely, perhaps, or as nobody can tell. */
interface Answer {
  readonly kinds?: KindMasks;
  readonly doubtful?: KindMasks;
  readonly set?: readonly [Dimension, AtomSet];
  readonly opaque?: Of<'opaque'>;
}

/** Works out which packets of a view a rule takes: a rule for each alternative that may take some. */
export function compileRule(rule: FilterRule, view: View): readonly CompiledRule[] {
  const index = rule.terms.findIndex(({ kind }) => kind === 'any');
  const term = rule.terms[index];
  if (term?.kind !== 'any') return compileTerms(rule, view) ?? [];
  const others = rule.terms.toSpliced(index, 1);
  const each = term.alternatives.flatMap((terms) =>
    compileRule({ ...rule, terms: [...others, ...terms] }, view),
  );
  if (!term.negated) return each;
  if (each.length === 0) return compileRule({ ...rule, terms: others }, view);
  const why = 'that it is not one of several is not followed here';
  const opaque: Term = { kind: 'opaque', text: term.text, why, negated: false };
  return compileRule({ ...rule, terms: [...others, opaque] }, view);
}

function compileTerms(rule: FilterRule, view: View): readonly CompiledRule[] | undefined {
  const all = (1 << view.kinds.length) - 1;
  let kinds: KindMasks = { tracked: all, untracked: all };
  let doubtful: KindMasks = { tracked: 0, untracked: 0 };
  let anyState: KindMasks = kinds;
  const sets: Partial<Record<Dimension, AtomSet>> = {};
  const marks: Of<'mark'>[] = [];
  const opaque: Of<'opaque'>[] = [];
  const assumed: string[] = [];
  for (const term of rule.terms) {
    // Alternatives have been taken apart.
    if (term.kind === 'any') continue;
    if (term.kind === 'mark') {
      marks.push(term);
      continue;
    }
    if (term.kind === 'always' && term.assumed !== undefined) assumed.push(term.assumed);
    const answer = answerOf(term, view);
    if (answer.kinds !== undefined) {
      kinds = both(kinds, answer.kinds);
      if (term.kind !== 'state') anyState = both(anyState, answer.kinds);
    }
    if (answer.doubtful !== undefined) doubtful = either(doubtful, answer.doubtful);
    if (answer.opaque !== undefined) opaque.push(answer.opaque);
    if (answer.set !== undefined) {
      const [dimension, set] = answer.set;
      sets[dimension] = (sets[dimension] ?? view.universe[dimension].all).and(set);
    }
  }
  if (dimensions.some((dimension) => sets[dimension]?.isEmpty === true)) return undefined;
  if ((anyState.tracked | anyState.untracked) === 0) return undefined;
  const compiled: CompiledRule = {
    rule,
    kinds,
    doubtful: both(doubtful, kinds),
    near: {
      tracked: anyState.tracked & ~kinds.tracked,
      untracked: anyState.untracked & ~kinds.untracked,
    },
    sets,
    marks,
    opaque,
    assumed,
  };
  return [compiled];
}

function answerOf(term: Exclude<Term, { readonly kind: 'mark' | 'any' }>, view: View): Answer {
  const { negated } = term;
  switch (term.kind) {
    case 'always':
      return constant(!negated, view);
    case 'opaque':
      return { opaque: term };
    case 'protocol':
      return ofKinds(view, ({ protocol }) => isWithin(term.ranges, protocol) !== negated);
    case 'family':
      return constant(term.families.includes(view.family) !== negated, view);
    // Without the header nothing of it can be unlike, either.
    case 'flags':
      return ofKinds(
        view,
        ({ flags }) => flags !== undefined && term.values.includes(flags & term.mask) !== negated,
      );
    case 'icmp':
      return icmpAnswer(term, view);
    case 'state':
      return stateAnswer(term, view);
    case 'address':
      return addressAnswer(term, view);
    case 'addressType': {
      const field = view[term.side];
      if (field === 'neighbour') return unknownAddress(field);
      const type = field === 'client' || field === 'server' ? 'UNICAST' : 'LOCAL';
      return constant(term.types.includes(type) !== negated, view);
    }
    case 'listed': {
      const { all } = view.universe.listed;
      const set = view[term.side] === 'client' ? view.universe.listed.in(term.name) : undefined;
      return set === undefined
        ? {
            opaque: {
              kind: 'opaque',
              text: `the set ${term.name}`,
              why: 'what it has is not in any file',
              negated,
            },
          }
        : { set: ['listed', negated ? all.minus(set) : set] };
    }
    case 'port':
      return portAnswer(term, view);
    case 'interface':
      return interfaceAnswer(term, view);
  }
}

function icmpAnswer({ types, negated }: Of<'icmp'>, view: View): Answer {
  return ofKinds(view, ({ icmp }) => {
    if (icmp === undefined) return false;
    const isAsked = types.some(
      ({ type, code }) => type === icmp.type && (code === undefined || code === icmp.code),
    );
    return isAsked !== negated;
  });
}

function stateAnswer({ states, negated }: Of<'state'>, view: View): Answer {
  const [kinds, doubtful] = [
    { tracked: 0, untracked: 0 },
    { tracked: 0, untracked: 0 },
  ];
  for (const [index, { states: own }] of view.kinds.entries())
    for (const way of ['tracked', 'untracked'] as const) {
      const taken = own[way].filter((state) => states.includes(state) !== negated);
      if (taken.length > 0) kinds[way] |= 1 << index;
      if (taken.length > 0 && taken.length < own[way].length) doubtful[way] |= 1 << index;
    }
  return { kinds, doubtful };
}

function addressAnswer({ side, ranges, negated }: Of<'address'>, view: View): Answer {
  const field: AddressField = view[side];
  const { universe } = view;
  if (typeof field === 'object')
    return constant(ranges.some((range) => isInRange(range, field.vip)) !== negated, view);
  if (field === 'client') return { set: ['client', chosen(universe.client, ranges, negated)] };
  if (field === 'server' || field === 'target') {
    const taken = universe.server.pieces.map(({ address }) =>
      ranges.some((range) => isInRange(range, address)),
    );
    return { set: ['server', serversWhere(view, (index) => taken[index] !== negated)] };
  }
  const isAny = ranges.some(({ first, last }) => first === 0n && last >= 0xffff_ffffn);
  if (isAny) return constant(!negated, view);
  return unknownAddress(field);
}

function unknownAddress(field: 'own' | 'neighbour'): Answer {
  const [text, why] =
    field === 'own'
      ? ['an address of the director', 'which of its addresses the director sends from is not known here']
      : [
          'an address of a neighbour',
          'by which addresses hosts on the link find each other is not known here',
        ];
  return { opaque: { kind: 'opaque', text, why, negated: false } };
}

function portAnswer({ side, ranges, negated }: Of<'port'>, view: View): Answer {
  const having = ofKinds(view, ({ hasPorts }) => hasPorts);
  if (having.kinds?.tracked === 0) return having;
  const fields = {
    source: [view.sourcePort],
    destination: [view.destinationPort],
    either: [view.sourcePort, view.destinationPort],
  }[side];
  const answers = fields.map((field) => onePort(field, ranges, view));
  const fixed = answers.filter((answer) => typeof answer === 'boolean');
  const open = answers.filter((answer) => typeof answer !== 'boolean');
  if (fixed.includes(true)) return negated ? constant(false, view) : having;
  const [first, second] = open;
  if (first === undefined) return negated ? having : constant(false, view);
  if (second !== undefined) {
    const text = 'ports of either end';
    return { ...having, opaque: { kind: 'opaque', text, why: 'both ends may have one of them', negated } };
  }
  const [dimension, set] = first;
  return { ...having, set: [dimension, negated ? view.universe[dimension].all.minus(set) : set] };
}

function onePort(
  field: PortField,
  ranges: Of<'port'>['ranges'],
  view: View,
): boolean | readonly [Dimension, AtomSet] {
  if (field === undefined) return false;
  if (typeof field === 'object') return isWithin(ranges, field.port);
  if (field === 'client') return ['port', view.universe.port.in(ranges)];
  const set = serversWhere(view, (index) => isWithin(ranges, view.universe.server.pieces[index]?.port ?? 0));
  return ['server', set];
}

function interfaceAnswer({ way, names, negated, isNft = false }: Of<'interface'>, view: View): Answer {
  const side = way === 'in' ? view.comesIn : view.goesOut;
  if (side !== undefined) {
    const set = view.universe[side].in(names);
    return { set: [side, negated ? view.universe[side].all.minus(set) : set] };
  }
  // iptables compares a name with none, and nft gives up.
  return constant(negated && !isNft, view);
}

function serversWhere({ universe }: View, isMeant: (index: number) => boolean): AtomSet {
  const meant = [...universe.server.all.atoms()].filter(isMeant);
  return AtomSet.of(meant.map((index) => [index, index]));
}

function chosen(
  atoms: View['universe']['client'],
  ranges: Of<'address'>['ranges'],
  negated: boolean,
): AtomSet {
  const set = atoms.in(ranges);
  return negated ? atoms.all.minus(set) : set;
}

function ofKinds(view: View, takes: (kind: KindView) => boolean): Answer {
  return {
    kinds: same(view.kinds.reduce((mask, kind, index) => (takes(kind) ? mask | (1 << index) : mask), 0)),
  };
}

function constant(isTaken: boolean, view: View): Answer {
  return isTaken ? {} : ofKinds(view, () => false);
}

const same = (mask: number): KindMasks => ({ tracked: mask, untracked: mask });

function both(one: KindMasks, other: KindMasks): KindMasks {
  return { tracked: one.tracked & other.tracked, untracked: one.untracked & other.untracked };
}

function either(one: KindMasks, other: KindMasks): KindMasks {
  return { tracked: one.tracked | other.tracked, untracked: one.untracked | other.untracked };
}
