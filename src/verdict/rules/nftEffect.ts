import type { RuleEffect } from './effect.js';

/** A text in quotes, braces, what separates elements, or a word. */
const tokens = /"[^"]*"|[{},;]|[^\s{},;"]+/g;

/**
 * What a rule as nft prints it does. `elements` are those of the named verdict map that it looks packets up in. `drop` and `reject` count only
 * where they are statements or verdicts of a map: not as a chain's name, in a comment or a prefix, or among values to compare with.
 */
export function nftEffect(rule: string, elements: string | undefined): RuleEffect {
  const found = (rule.match(tokens) ?? []).map((token) => (token.startsWith('"') ? '""' : token));
  let turnsAway = false;
  let takes = false;
  let answersWithIcmp = false;
  const inMap: string[] = [];
  for (let at = 0; at < found.length; at += 1) {
    const next = found[at + 1];
    switch (found[at] ?? '') {
      case 'jump':
      case 'goto':
        at += 1;
        break;
      case 'vmap':
        inMap.push(...droppingElements(next === '{' ? between(found, at + 1) : (elements ?? '')));
        break;
      case '{':
        at = endOf(found, at);
        break;
      case 'drop':
        turnsAway = true;
        break;
      case 'reject':
        turnsAway = true;
        answersWithIcmp = !/^with tcp reset\b/.test(found.slice(at + 1).join(' '));
        break;
      case 'dnat':
      case 'tproxy':
      case 'fwd':
        takes ||= isStatement(found, at);
        break;
      case 'redirect':
        takes ||= found[at - 1] !== 'type' && found[at - 2] !== 'type';
        break;
      case 'queue':
      case 'synproxy':
        takes = true;
        break;
    }
  }
  const byMapOnly = !turnsAway && inMap.length > 0;
  return {
    turnsAway: turnsAway || byMapOnly,
    takes,
    answersWithIcmp,
    elements: byMapOnly ? inMap : undefined,
  };
}

/** `dnat to`, `dnat ip to`, `dnat ip addr . port to`; not the status of a connection (`ct status dnat`). */
function isStatement(found: readonly string[], at: number): boolean {
  return /^(?:ip6? (?:addr \. port )?)?to\b/.test(found.slice(at + 1).join(' '));
}

function between(found: readonly string[], open: number): string {
  return found.slice(open + 1, endOf(found, open)).join(' ');
}

/** Braces are not nested in rules. */
function endOf(found: readonly string[], open: number): number {
  const end = found.indexOf('}', open);
  return end === -1 ? found.length : end;
}

function droppingElements(text: string): string[] {
  return text
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element.endsWith(' : drop'));
}
