import type { Draft } from '../model/draft.js';
import { endOfChain, type IptablesRule, iptablesLines } from './iptablesLines.js';
import { iptablesMatches, restrictionsOf, spellingOf } from './iptablesRules.js';
import { withoutState, withStates } from './iptablesStates.js';
import type { Language, Obstruction } from './language.js';
import { isOption, optionNames } from './ruleWords.js';

/** Texts of iptables-save, ip6tables-save and `iptables -S`. */
export const iptables: Language = {
  admit: (draft, at, { wanted, templates }) => {
    const place = placeOf(draft, at);
    if (place === undefined) return undefined;
    const { rules } = iptablesLines(draft);
    const own = rules.filter(({ line }) => templates.includes(line));
    const restrictions = own.length === 0 ? [[]] : own.map(({ words }) => restrictionsOf(words));
    const spelling = spellingOf(draft.file.text);
    const matches = restrictions.flatMap((some) =>
      wanted.flatMap((one) => iptablesMatches(one, spelling, some)),
    );
    const lines = [...new Set(matches)].map((match) => `${place.prefix}-A ${place.chain} ${match} -j ACCEPT`);
    return draft.insertedBefore(place.line, lines);
  },
  exempt: (draft, line, vip) => {
    const rule = ruleAt(draft, line);
    const asks = (names: readonly string[]) => rule?.words.some((word) => isOption(word, names)) === true;
    if (rule === undefined || !asks(optionNames.states) || asks(['-d', '--destination', '--dst']))
      return undefined;
    const text = draft.textAt(line);
    const start = rule.words[0]?.start ?? text.length;
    const length = vip.includes(':') ? 128 : 32;
    return draft.replaced(line, `${text.slice(0, start)}! -d ${vip}/${length} ${text.slice(start)}`);
  },
  withoutState: (draft, line) => edited(draft, line, withoutState(draft.textAt(line))),
  withStates: (draft, line, states) => edited(draft, line, withStates(draft.textAt(line), states)),
  moved: (draft, line, before) => draft.moved(line, before),
  untracked: (draft, wanted) => {
    const lines = iptablesLines(draft);
    if (!lines.hasTables) return undefined;
    const spelling = spellingOf(draft.file.text);
    const rules = wanted
      .flatMap((one) => iptablesMatches(one, spelling, []))
      .map((match) => `-A PREROUTING ${match} -j ${spelling.untrack}`);
    const first = lines.rules.find(({ table, chain }) => table === 'raw' && chain === 'PREROUTING');
    if (first !== undefined)
      return draft.insertedBefore(
        first.line,
        rules.map((rule) => `${first.prefix}${rule}`),
      );
    const place = endOfChain(lines, 'raw', 'PREROUTING');
    if (place !== undefined) return draft.insertedBefore(place, rules);
    const table = ['*raw', ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT'];
    const tables = draft.lines.findIndex(({ text }) => text.trim().startsWith('*'));
    return draft.insertedBefore(tables + 1, table);
  },
};

function edited(draft: Draft, line: number, text: string | undefined): Draft | undefined {
  return text === undefined ? undefined : draft.replaced(line, text);
}

function ruleAt(draft: Draft, line: number): IptablesRule | undefined {
  return iptablesLines(draft).rules.find((rule) => rule.line === line);
}

/** Where a rule goes that comes before an obstruction, and how it begins. */
function placeOf(
  draft: Draft,
  { line, chain, place }: Obstruction,
): { readonly line: number; readonly chain: string; readonly prefix: string } | undefined {
  const lines = iptablesLines(draft);
  if (place === 'before') {
    const rule = lines.rules.find((one) => one.line === line);
    return rule === undefined
      ? undefined
      : { line, chain: rule.chain, prefix: startingCounters(rule.prefix) };
  }
  const [table = '', name = ''] = chain.split(' ');
  const own = lines.rules.filter((rule) => rule.table === table && rule.chain === name);
  const neighbour = place === 'start' ? own[0] : own.at(-1);
  const at = place === 'start' && neighbour !== undefined ? neighbour.line : endOfChain(lines, table, name);
  if (at === undefined) return undefined;
  return { line: at, chain: name, prefix: startingCounters(neighbour?.prefix ?? '') };
}

function startingCounters(prefix: string): string {
  return prefix.replace(/\[\d+:\d+\]/, '[0:0]');
}
