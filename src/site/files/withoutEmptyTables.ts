import type { SiteRuleFile } from '../model/site.js';

/**
 * The texts of rules without those of iptables that have no rule and accept all, where another of the same family has any: they change nothing, and
 * loaded behind the other they would empty its tables. So lists iptables-legacy what nobody uses.
 */
export function withoutEmptyTables(rules: readonly SiteRuleFile[]): readonly SiteRuleFile[] {
  const saved = rules.filter(({ kind }) => kind === 'iptables-save' || kind === 'ip6tables-save');
  return rules.filter((file) => {
    const others = saved.filter(({ kind }) => kind === file.kind && saved.includes(file));
    return !isEmpty(file) || others.every(isEmpty);
  });
}

function isEmpty({ text }: SiteRuleFile): boolean {
  const said = text.split(/\r?\n/).map((line) => line.trim());
  return said.every((line) =>
    /^(?:#.*|\*\w+|:\S+ (?:ACCEPT|-)(?: .*)?|-N \S+|-P \S+ ACCEPT|COMMIT)?$/.test(line),
  );
}
