import { type Clause, clausesOf, type Element } from '../../syntax/nftClauses.js';
import type { NamedSets } from '../../syntax/namedSets.js';
import type { Word } from '../../syntax/word.js';
import { conditionOf, conditionsOf } from './conditions.js';
import { isAddressText, withoutPort } from './targets.js';
import type { MatchTerm, Condition, RuleAction, MarkSetting, Rule } from './rule.js';

interface ReadRules {
  readonly rules: readonly Rule[];
  readonly marks: readonly MarkSetting[];
}

/** What rules of a table may mean by names: a key for each chain and set of it, and all sets by their keys. */
export interface Table {
  readonly keyOf: (name: string) => string;
  readonly sets: NamedSets;
}

type Match = Extract<Clause, { readonly kind: 'match' }>;

const actions: Readonly<Record<string, Exclude<RuleAction['kind'], 'jump' | 'goto'>>> = {
  accept: 'accept',
  drop: 'refuse',
  reject: 'refuse',
  return: 'return',
  dnat: 'take',
  snat: 'take',
  redirect: 'take',
  masquerade: 'take',
  tproxy: 'take',
  queue: 'take',
};

/** A statement of a chain as rules: one, or one for each element of a verdict map. */
export function nftRules(words: readonly Word[], line: number, table: Table): ReadRules {
  const asked: MatchTerm[] = [];
  const uses: Condition[] = [];
  const marks: MarkSetting[] = [];
  const rules: Rule[] = [];
  let action: RuleAction = { kind: 'nothing' };
  for (const clause of clausesOf(words)) {
    switch (clause.kind) {
      case 'match':
        asked.push(...headersOf(clause));
        if (clause.lookup === 'vmap')
          for (const { keys, data } of elementsOfMap(clause, table))
            rules.push({
              line,
              asked: [...asked, ...ofElement(clause, keys)],
              uses,
              action: actionOf(data, table),
            });
        else asked.push(...askedOf(clause, table));
        break;
      case 'verdict':
        action = actionOf(clause.words, table);
        break;
      case 'mark': {
        const value = Number(clause.value?.text ?? Number.NaN);
        marks.push({ of: clause.of, value: Number.isNaN(value) ? undefined : value });
        action = { kind: 'change' };
        break;
      }
      case 'send':
        uses.push(...addressesOf(clause, table));
        break;
      case 'store':
        if (clause.into === 'set') uses.push({ kind: 'set', name: table.keyOf(clause.name), sides: [] });
        break;
      case 'change':
        action = { kind: 'change' };
        break;
      case 'unknown':
        asked.push({ kind: 'other', negated: false });
    }
  }
  const isAfterMaps = rules.length > 0 && action.kind === 'nothing';
  return { rules: isAfterMaps ? rules : [...rules, { line, asked, uses, action }], marks };
}

/** Headers that a packet must have, if something of it is to be compared. */
function headersOf({ subjects }: Match): readonly MatchTerm[] {
  return subjects.flatMap(({ protocol, family }): readonly MatchTerm[] => [
    ...(protocol === undefined ? [] : [{ kind: 'protocol' as const, names: [protocol], negated: false }]),
    ...(family === undefined ? [] : [{ kind: 'family' as const, families: [family], negated: false }]),
  ]);
}

function askedOf(
  { subjects, negated, isPlain, mask, elements, set }: Match,
  table: Table,
): readonly MatchTerm[] {
  const [only] = subjects;
  // Bits of it are asked for as often as the whole.
  if (only?.type === 'state' && subjects.length === 1) return [{ kind: 'state', negated: false }];
  if (!isPlain || only === undefined) return [{ kind: 'other', negated: false }];
  if (set !== undefined) {
    const sides = subjects.map(({ side }) => side);
    return [{ kind: 'set', name: table.keyOf(set), sides, negated }];
  }
  if (subjects.length > 1) {
    const tuples = elements.map(({ keys }) => conditionsOf(subjects, keys));
    return [{ kind: 'tuples', tuples, negated }];
  }
  const values = elements.flatMap(({ keys: [key] }) => (key === undefined ? [] : [key.text]));
  return mask === undefined || only.type === 'mark'
    ? [{ ...conditionOf(only, values, mask?.text), negated }]
    : [{ kind: 'other', negated: false }];
}

function ofElement({ subjects, isPlain }: Match, keys: readonly Word[]): readonly MatchTerm[] {
  if (!isPlain) return [{ kind: 'other', negated: false }];
  return conditionsOf(subjects, keys).map((one) => ({ ...one, negated: false }));
}

function elementsOfMap({ elements, set }: Match, { keyOf, sets }: Table): readonly Element[] {
  return set === undefined ? elements : (sets.get(keyOf(set))?.elements ?? []);
}

/** Addresses to which packets are sent, or that they get. */
function addressesOf(
  { to, maps }: Extract<Clause, { readonly kind: 'send' }>,
  { keyOf, sets }: Table,
): readonly Condition[] {
  const mapped = maps.flatMap((name) => (sets.get(keyOf(name))?.elements ?? []).flatMap(({ data }) => data));
  const ranges = [...to, ...mapped].map(({ text }) => withoutPort(text)).filter(isAddressText);
  return ranges.length === 0 ? [] : [{ kind: 'address', side: 'other', ranges }];
}

function actionOf([first, second]: readonly Word[], { keyOf }: Table): RuleAction {
  const verdict = first?.text ?? '';
  if (verdict === 'jump' || verdict === 'goto') return { kind: verdict, chain: keyOf(second?.text ?? '') };
  return { kind: Object.hasOwn(actions, verdict) ? (actions[verdict] ?? 'nothing') : 'nothing' };
}
