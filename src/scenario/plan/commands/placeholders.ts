import { type NodeCounts, nodesOf } from '../../model/nodesOf.js';
import { mapRuleSet } from '../../model/ruleSet.js';
import type { RuleSet, Topology } from '../../model/scenario.js';
import { vipNames } from '../../model/virtualServices.js';

/** `${NAME}`; with a second `$` before it, which is taken away, it stands for itself. No name is as long: without a bound each `${` would look through all that follows. */
const pattern = /(\$?)\$\{([^}\n]{0,200})\}/g;

/** Names of what a rule text or command may have in `${...}` in this topology: VIP, LAN and every node's, in capitals. */
export function placeholderNames(topology: NodeCounts & Pick<Topology, 'vips'>): readonly string[] {
  const vips = vipNames(topology).map(placeholderOf);
  return [...vips, 'LAN', ...nodesOf(topology).map(({ name }) => placeholderOf(name))];
}

/** The placeholder for a node's address. */
export function placeholderOf(node: string): string {
  return node.toUpperCase();
}

/** The unknown placeholders of a text, each once, with the first line that has it, counted from 1. */
export function unknownPlaceholders(
  text: string,
  known: readonly string[],
): readonly { readonly name: string; readonly line: number }[] {
  const found = new Map<string, number>();
  let line = 1;
  let counted = 0;
  for (const { 1: escape, 2: name = '', index } of text.matchAll(pattern)) {
    if (escape !== '' || known.includes(name) || found.has(name)) continue;
    line += text.slice(counted, index).split('\n').length - 1;
    counted = index;
    found.set(name, line);
  }
  return [...found].map(([name, line]) => ({ name, line }));
}

/** The text with every placeholder filled in, and `$${NAME}` as `${NAME}`. Throws RangeError for one without a value. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(pattern, (whole, escape: string, name: string) => {
    if (escape !== '') return whole.slice(1);
    const value = values[name];
    if (value === undefined) throw new RangeError(`no value for ${whole}`);
    return value;
  });
}

/** A rule set with the placeholders of all its texts and commands filled in. */
export function fillRules(rules: RuleSet, values: Readonly<Record<string, string>>): RuleSet {
  return mapRuleSet(rules, (text) => fillPlaceholders(text, values));
}
