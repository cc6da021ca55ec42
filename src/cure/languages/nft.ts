import type { Draft } from '../model/draft.js';
import type { Language } from './language.js';
import { type NftRule, nftLines } from './nftLines.js';
import { nftMatches, nftRestrictions, nftWithoutState, nftWithStates } from './nftRules.js';

/** Texts that `nft list ruleset` printed, and files for `nft -f`. */
export const nft: Language = {
  admit: (draft, { line, chain, place }, { wanted, templates }) => {
    const { rules, heads } = nftLines(draft);
    const own = rules.filter((rule) => templates.includes(rule.line));
    const restrictions = own.length === 0 ? [''] : own.map(({ text }) => nftRestrictions(text));
    const matches = restrictions.flatMap((some) => wanted.flatMap((one) => nftMatches(one, some)));
    const texts = [...new Set(matches)].map((match) => `${match} accept`);
    const first =
      place === 'before'
        ? rules.find((one) => one.line === line)
        : place === 'start'
          ? rules.find((one) => one.chain === chain)
          : undefined;
    if (first !== undefined) return withBefore(draft, first, texts);
    if (place === 'before') return undefined;
    const last = rules.findLast((one) => one.chain === chain) ?? heads.get(chain);
    return last === undefined ? undefined : withBehind(draft, last, texts);
  },
  exempt: (draft, line, vip) => {
    const rule = onlyRuleAt(draft, line);
    const isOfFamily = rule?.chain.startsWith(vip.includes(':') ? 'ip6 ' : 'ip ') === true;
    if (rule === undefined || !isOfFamily || !/\bct state\b/.test(rule.text) || /\bdaddr\b/.test(rule.text))
      return undefined;
    const ip = vip.includes(':') ? 'ip6' : 'ip';
    return withText(draft, rule, `${ip} daddr != ${vip} ${rule.text}`);
  },
  withoutState: (draft, line) => withRule(draft, line, nftWithoutState),
  withStates: (draft, line, states) => withRule(draft, line, (text) => nftWithStates(text, states)),
  moved: (draft, line, before) => {
    const isWhole = [line, before].every((one) => {
      const rule = onlyRuleAt(draft, one);
      return rule !== undefined && isAlone(draft, rule);
    });
    return isWhole ? draft.moved(line, before) : undefined;
  },
  untracked: (draft, wanted) => {
    const rules = wanted.flatMap((one) => nftMatches(one, '')).map((match) => `${match} notrack`);
    const isSix = wanted.some(({ family }) => family === 'ipv6');
    const { rules: known, heads } = nftLines(draft);
    const raw = [...heads.keys()].find(
      (chain) => chain.startsWith(isSix ? 'ip6 ' : 'ip ') && isRaw(draft, heads.get(chain)),
    );
    const first = known.find(({ chain }) => chain === raw);
    if (first !== undefined) return withBefore(draft, first, rules);
    const table = [
      `table ${isSix ? 'ip6' : 'ip'} ipvs_notrack {`,
      '\tchain prerouting {',
      '\t\ttype filter hook prerouting priority -300; policy accept;',
      ...rules.map((rule) => `\t\t${rule}`),
      '\t}',
      '}',
    ];
    const end = draft.lines.length;
    return draft.insertedBefore(draft.textAt(end) === '' ? end : end + 1, table);
  },
};

/** The rule of a line that has no other. */
function onlyRuleAt(draft: Draft, line: number): NftRule | undefined {
  const [rule, ...others] = nftLines(draft).rules.filter((one) => one.line === line);
  return others.length === 0 && rule?.lastLine === line ? rule : undefined;
}

function withRule(
  draft: Draft,
  line: number,
  change: (text: string) => string | undefined,
): Draft | undefined {
  const rule = onlyRuleAt(draft, line);
  const text = rule === undefined ? undefined : change(rule.text);
  return rule === undefined || text === undefined ? undefined : withText(draft, rule, text);
}

function withText(draft: Draft, { line, start, end }: NftRule, text: string): Draft {
  const whole = draft.textAt(line);
  return draft.replaced(line, whole.slice(0, start) + text + whole.slice(end));
}

/** Rules before another: on lines of their own, unless the heading of the chain is in its line. */
function withBefore(draft: Draft, { line, start }: NftRule, texts: readonly string[]): Draft {
  const whole = draft.textAt(line);
  const lead = whole.slice(0, start);
  if (isLead(lead))
    return draft.insertedBefore(
      line,
      texts.map((text) => lead + text),
    );
  return draft.replaced(line, lead + texts.map((text) => `${text}; `).join('') + whole.slice(start));
}

function withBehind(draft: Draft, { line, lastLine, start, end }: NftRule, texts: readonly string[]): Draft {
  const whole = draft.textAt(lastLine);
  const lead = draft.textAt(line).slice(0, start);
  const rest = whole.slice(end);
  if (/^[\s;]*(?:#.*)?$/.test(rest)) {
    const indent = isLead(lead) ? lead : /^\s*/.exec(whole)?.[0];
    return draft.insertedBefore(
      lastLine + 1,
      texts.map((text) => `${indent ?? ''}${text}`),
    );
  }
  return draft.replaced(lastLine, whole.slice(0, end) + texts.map((text) => `; ${text}`).join('') + rest);
}

/** Whether what is before a rule can stand before each on a line of its own: blanks, or `add rule inet filter input`. */
function isLead(lead: string): boolean {
  return /^\s*(?:(?:nft\s+)?add\s+rule\s[^{};]*)?$/.test(lead);
}

function isAlone(draft: Draft, { line, start, end }: NftRule): boolean {
  const whole = draft.textAt(line);
  return isLead(whole.slice(0, start)) && /^[\s;]*(?:#.*)?$/.test(whole.slice(end));
}

function isRaw(draft: Draft, head: NftRule | undefined): boolean {
  const text = head === undefined ? '' : draft.textAt(head.line);
  return /hook prerouting priority (?:raw|-300)\s*;/.test(text);
}
