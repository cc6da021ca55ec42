import type { Asked } from './rules/rule.js';
import { type NodeFacts, users } from './nodeFacts.js';

/** Something that a rule asks for and a node does not have. */
export interface Lacking {
  readonly kind: 'interface' | 'address' | 'mark' | 'user' | 'set';
  /** As the rule calls it. */
  readonly name: string;
  /** `cannot`: the condition never holds. `always`: negated, it always does. `unknown`: a run decides. `partly`: others of a list are there. `unmade`: a set that nobody makes. */
  readonly how: 'cannot' | 'always' | 'unknown' | 'partly' | 'unmade';
}

/** What of a condition the node lacks; empty when it may hold and may not, as far as can be told. */
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

/** Whether the settings together can give the bits; marks begin as nothing, so that nothing is always there. */
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
