import type { KnownRule } from './knownRule.js';

/** A rule for people: where it is written and how, or where it stands on its node. */
export function ruleLineText({ text, written }: KnownRule): string {
  return written === undefined
    ? `\`${text}\``
    : `${written.file}:${String(written.line)} \`${written.text}\``;
}

/** Where a rule is written; its text, when that is not known for certain. */
export function rulePlaceText({ text, written }: KnownRule): string {
  return written === undefined ? `\`${text}\`` : `${written.file}:${String(written.line)}`;
}

/** The states that a rule asks for; undefined: it asks for none, or in a way that is not known. */
export function statesAsked({ rule }: KnownRule): readonly string[] | undefined {
  const [, not, list] = /(?:(! )?--(?:ct)?state) (\S+)/.exec(rule.rule) ?? [];
  if (list !== undefined) return not === undefined ? list.split(',') : undefined;
  const [, set, one] = /\bct state (?:\{ ([^}]+) \}|([a-z,]+))/.exec(rule.rule) ?? [];
  return (set ?? one)?.split(/,\s*/).map((state) => state.trim().toUpperCase());
}

/** What makes a rule match only so many packets or connections, in its own words; undefined: nothing does. */
export function limitOf({ rule }: KnownRule): string | undefined {
  const [, match] = /-m ((?:limit|hashlimit|recent|connlimit)(?: (?!-[mjg] )\S+)*)/.exec(rule.rule) ?? [];
  return (
    match ?? /\b(?:limit rate (?:over )?\S+(?: burst \d+ \w+)?|ct count (?:over )?\d+)/.exec(rule.rule)?.[0]
  );
}
