import { proseOptions } from '../../contracts/words/rules.js';

/** Where a rule of iptables sends what it matches: a target or a chain, and what follows it. */
export interface IptablesTarget {
  readonly name: string;
  readonly options: string;
}

/** Options whose value may be any text: iptables-save quotes it only where it has other characters than letters, digits, `-` and `_`. */
const textOptions: ReadonlySet<string> = new Set([
  ...proseOptions,
  '--name',
  '--hashlimit-name',
  '--helper',
  '--label',
  '--zone',
]);

/** A word, or a text in double quotes with its backslashes. */
const words = /"(?:[^"\\]|\\.)*"|\S+/g;

/**
 * The target of a rule as iptables-save prints it; undefined where it has none and only counts. A chain is told by its whole name: one
 * called DROP-LOG is no DROP, and what stands in a comment is no target.
 */
export function iptablesTarget(rule: string): IptablesTarget | undefined {
  const found = [...rule.matchAll(words)];
  for (let at = 0; at < found.length; at += 1) {
    const word = found[at]?.[0] ?? '';
    if (textOptions.has(word)) at += 1;
    else if (word === '-j' || word === '-g') {
      const name = found[at + 1];
      if (name === undefined) return undefined;
      return { name: name[0], options: rule.slice(name.index + name[0].length) };
    }
  }
  return undefined;
}
