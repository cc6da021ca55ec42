import type { Hook } from '../../contracts/words/rules.js';
import type { Chains, FilterChain, FilterRule } from '../../prediction/model/filter.js';
import type { ChangedSite } from '../model/changedSite.js';

/** A rule that is not as it was: that is new, gone, or in another place. */
export interface ChangedRule {
  readonly rule: FilterRule;
  /** The hooks from which packets get to it. */
  readonly hooks: ReadonlySet<Hook>;
}

/** The rules of changed lines, as they were and as they are. */
export function changedRules(before: ChangedSite, after: ChangedSite): readonly ChangedRule[] {
  const gone = new Set<string>();
  const come = new Set<string>();
  for (const { name, lines } of after.drafts) {
    const kept = new Set(lines.flatMap(({ origin }) => origin ?? []));
    const old = before.draftOf(name)?.lines ?? [];
    for (const index of old.keys()) if (!kept.has(index + 1)) gone.add(`${name}:${index + 1}`);
    for (const [index, { origin }] of lines.entries())
      if (origin === undefined) come.add(`${name}:${index + 1}`);
  }
  return [...rulesIn(before.chains, gone), ...rulesIn(after.chains, come)];
}

function rulesIn(families: readonly Chains[], lines: ReadonlySet<string>): readonly ChangedRule[] {
  return families.flatMap((chains) =>
    [...chains.values()].flatMap((chain) => {
      const own = chain.rules.filter(({ at }) => lines.has(`${at.file}:${at.line}`));
      if (own.length === 0) return [];
      const hooks = hooksOf(chain, chains);
      return own.map((rule) => ({ rule, hooks }));
    }),
  );
}

/** The hooks from which packets get to a chain, by way of others. */
function hooksOf(chain: FilterChain, chains: Chains): ReadonlySet<Hook> {
  const found = new Set<Hook>();
  const seen = new Set<string>([chain.name]);
  const open = [chain];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.base !== undefined) found.add(one.base.hook);
    for (const [key, other] of chains) {
      const leads = other.rules.some(
        ({ action }) =>
          (action.kind === 'jump' || action.kind === 'goto') && chains.get(action.chain)?.name === one.name,
      );
      if (!leads || seen.has(key)) continue;
      seen.add(key);
      open.push(other);
    }
  }
  return found;
}
