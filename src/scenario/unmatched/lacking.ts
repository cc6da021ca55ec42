import type { Asked } from './rules/rule.js';
import { type NodeFacts, users } from './nodeFacts.js';

/** Something that a rule asks for and a node does not have. */
export interface Lacking {
  readonly kind: 'interface' | 'address' | 'mark' | 'user' | 'set';
  /** The name as the rule writes it. */
  readonly name: string;
  /**
   * Effect on the rule: `cannot` never matches; `always` (negated) always matches; `unknown` only a run can tell; `partly` other items of
   * the list exist; `unmade` nobody creates the set.
   */
  readonly how: 'cannot' | 'always' | 'unknown' | 'partly' | 'unmade';
}

/** The names in a rule's condition that the node does not have. Empty: the condition may match some packets and not others. */
export function lackingOf(asked: Asked, node: NodeFacts): readonly Lacking[] {
  switch (asked.kind) {
    case 'interface':
      return ofInterfaces(asked, node);
    case 'address':
      return ofAddresses(asked.ranges, asked.negated, node);
    case 'set': {
      const elements = node.sets.get(asked.name);
      if (elements === undefined) return [{ kind: 'set', name: asked.name, how: 'unmade' }];
      if (asked.side === 'other') return [];
      const ranges = elements.map((element) => element.split(/[,\s]/)[0] ?? '');
      const found = ofAddresses(ranges, asked.negated, node);
      return ranges.length > 0 && found.length === ranges.length
        ? [{ kind: 'set', name: asked.name, how: found[0]?.how ?? 'cannot' }]
        : [];
    }
    case 'mark':
      return asked.negated || canBeMarked(asked.value, asked.mask, asked.of, node)
        ? []
        : [{ kind: 'mark', name: `0x${asked.value.toString(16)}`, how: 'cannot' }];
    case 'user':
      return asked.names.every((name) => users.includes(name) || /[-$]/.test(name))
        ? []
        : asked.names.map((name) => ({ kind: 'user', name, how: asked.negated ? 'always' : 'cannot' }));
    case 'protocol':
    case 'ports':
    case 'other':
      return [];
  }
}

function ofInterfaces(
  { names, way, negated }: Extract<Asked, { readonly kind: 'interface' }>,
  node: NodeFacts,
): readonly Lacking[] {
  const missing = names.filter((name) => way === 'bridge' || !isThere(name, node.interfaces));
  const how = missing.length < names.length ? 'partly' : negated ? 'always' : 'cannot';
  return missing.map((name) => ({ kind: 'interface', name, how }));
}

function isThere(name: string, interfaces: readonly string[]): boolean {
  // What a shell or nft fills in cannot be told.
  if (/[$@]/.test(name)) return true;
  return name.endsWith('*')
    ? interfaces.some((one) => one.startsWith(name.slice(0, -1)))
    : interfaces.includes(name);
}

/** Ranges beside one that is there, or that is nobody's in particular, are ways to say more; no rule hangs on them. */
function ofAddresses(
  ranges: readonly string[],
  negated: boolean,
  { addresses }: NodeFacts,
): readonly Lacking[] {
  const found = ranges.map((name) => ({ name, presence: addresses.presenceOf(name) }));
  if (found.some(({ presence }) => presence !== 'absent' && presence !== 'perhaps')) return [];
  return found.map(({ name, presence }) => ({
    kind: 'address',
    name,
    how: presence === 'perhaps' ? 'unknown' : negated ? 'always' : 'cannot',
  }));
}

/** Whether the known mark settings, combined, can produce this value. An unset mark is 0, so 0 always matches. */
function canBeMarked(
  value: number,
  mask: number,
  of: 'packet' | 'connection',
  { marks }: NodeFacts,
): boolean {
  if (value === 0) return true;
  const settings = marks.filter((setting) => setting.of === of);
  if (settings.some((setting) => setting.value === undefined)) return true;
  const bits = settings.reduce((all, setting) => all | BigInt(setting.value ?? 0), 0n);
  return (BigInt(value) & BigInt(mask) & ~bits) === 0n;
}
