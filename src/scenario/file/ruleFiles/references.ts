import type { KeyPath } from '../../model/place.js';
import { ruleTextKeys } from '../../../contracts/words/rules.js';
import { type AnyMap, isMap } from '../checks/anyMap.js';

/** A key for rules that names a rule file in place of a text: `rules: { file: my.iptables }`. */
export interface RuleReference {
  /** The path of the key: `director.rules`, `mutation.events.0.nftables`. */
  readonly path: KeyPath;
  /** The rule file's name as the scenario writes it. */
  readonly file: string;
}

/**
 * All references to rule files in a scenario's plain data, valid or not: in the sections of the file, of its single nodes and of its mutation. A malformed
 * reference is left for the schema to report.
 */
export function ruleReferences(data: unknown, parent: KeyPath = []): readonly RuleReference[] {
  return Object.entries(isMap(data) ? data : {}).flatMap(([name, section]) => {
    const path = [...parent, name];
    if (name === 'mutation' && parent.length === 0) return ruleReferences(section, path);
    if (name === 'nodes') return ruleReferences(section, path);
    if (!Array.isArray(section)) return ofSection(section, path);
    return section.flatMap((one: unknown, index) => ofSection(one, [...path, index]));
  });
}

function ofSection(section: unknown, path: KeyPath): readonly RuleReference[] {
  if (!isMap(section)) return [];
  const { services } = section;
  if (path.at(-1) === 'topology' && isMap(services) && isReference(services['ipvsadm']))
    return [{ path: [...path, 'services', 'ipvsadm'], file: services['ipvsadm'].file }];
  return ruleTextKeys.flatMap((key) => {
    const value = section[key];
    return isReference(value) ? [{ path: [...path, key], file: value.file }] : [];
  });
}

function isReference(value: unknown): value is { readonly file: string } {
  if (!isMap(value) || Object.keys(value).length !== 1) return false;
  return typeof value['file'] === 'string' && value['file'] !== '' && !value['file'].includes('\0');
}

/** A copy of the data with another value at `path`; the original does not change, and shares all else with the copy. */
export function withValue(data: unknown, [key, ...rest]: KeyPath, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((one: unknown, index) => (index === key ? withValue(one, rest, value) : one));
  }
  const map = data as AnyMap;
  return { ...map, [key]: withValue(map[key], rest, value) };
}
