import { matchesOf, type Question } from '../../scenario/syntax/iptables/iptablesMatches.js';
import type { Option } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { parseRange } from '../../site/model/addressRange.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { FileLine } from '../../site/model/sourceFile.js';

/** A rule of iptables as its line has it. */
export interface HintedRule {
  readonly at: FileLine;
  readonly options: readonly Option[];
}

/** Nobody reads more places of the same. */
const mostLines = 5;

/**
 * Hints at what rules name and no file explains (a set, a host's name, a user), and at spellings that today's iptables refuses: each once, with
 * the lines that have it. There is an answer without it, and a better one with it.
 */
export function ruleHints(
  rules: readonly HintedRule[],
  isKnownSet: (name: string) => boolean,
): readonly SiteProblem[] {
  const found = new Map<string, FileLine[]>();
  const say = (text: string, at: FileLine) => {
    const places = found.get(text);
    if (places === undefined) found.set(text, [at]);
    else places.push(at);
  };
  for (const { at, options } of rules) {
    const old = oldNegation(at.text);
    if (old !== undefined) say(old, at);
    for (const { questions } of matchesOf(options))
      for (const question of questions) for (const text of hintsOf(question, isKnownSet)) say(text, at);
  }
  return [...found].map(([text, [first, ...others]]): SiteProblem => ({
    done: 'noted',
    at: first,
    message: `${text}${others.length === 0 ? '' : `; also in ${linesText(others)}`}`,
  }));
}

function hintsOf(
  { option: { option }, asked }: Question,
  isKnownSet: (name: string) => boolean,
): readonly string[] {
  if (asked.kind === 'other') return [];
  if (asked.kind === 'set')
    return isKnownSet(asked.name)
      ? []
      : [`the set \`${asked.name}\` is in no file, so clients may be in it or not: give \`ipset save\``];
  const { subject, values } = asked;
  if (option === '-s' || option === '-d')
    return values.flatMap((one) => (parseRange(one) === undefined ? [addressHint(one)] : []));
  const [value = ''] = values;
  return (subject.type === 'user' || subject.type === 'group') && /[^\d-]/.test(value)
    ? [
        `the ${subject.type} \`${value}\` is one of the director's: give its number with \`--map ${value}=NUMBER\`, or the lab does not take the rule`,
      ]
    : [];
}

/** Why an address is none: it is hidden, or a name. */
export function addressHint(text: string): string {
  const name = text.replace(/\/\d*$/, '');
  return isHidden(name)
    ? `the address \`${name}\` is hidden: give one in its place with \`--map ${name}=ADDRESS\``
    : `\`${name}\` is a name, and no file says which address it has: give one with \`--map ${name}=ADDRESS\``;
}

/** `x.x.x.10`, `***.***.***.***`, `a.b.c.d`: what people write in the place of addresses that nobody is to see. */
function isHidden(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:\d{1,3}|[xX*?#]{1,3}|[a-zA-Z])$/.test(part));
}

/** `-s ! 10.0.0.0/8`, as iptables wrote it before 1.4.3. What is in quotes is people's own. */
function oldNegation(line: string): string | undefined {
  const [, option] = /\s(--?[a-z][\w-]*)\s+!\s/.exec(line.replace(/"(?:[^"\\]|\\.)*"/g, '""')) ?? [];
  return option === undefined
    ? undefined
    : `\`${option} !\` is read as \`! ${option}\`, which is all that today's iptables takes`;
}

function linesText(others: readonly FileLine[]): string {
  const some = others.slice(0, mostLines).map(({ line }) => line);
  const more = others.length > mostLines ? ` and ${others.length - mostLines} more` : '';
  return `line${others.length === 1 ? '' : 's'} ${some.join(', ')}${more}`;
}
