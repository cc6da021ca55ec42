import { type CommandCall, commandCalls, interfacesOfCommand } from '../syntax/calls/commandTexts.js';
import { namesOfCall } from '../syntax/calls/callNames.js';
import { interfacesOfOptions } from '../syntax/iptables/iptablesMatches.js';
import { iptablesWords, optionsOf } from '../syntax/iptables/iptablesOptions.js';
import { ipsetInterfaces, ipsetSets, mergedSets, type NamedSets, nftSets } from '../syntax/namedSets.js';
import { nftInterfaces } from '../syntax/nftInterfaces.js';
import { type NftStatement, nftTextStatements } from '../syntax/nftStatements.js';
import { linesOf, sliceOf, spanOf, type Word } from '../syntax/word.js';
import type { RuleSet } from '../model/scenario.js';

/** The word for an interface that plays no part in the lab: rules that name it are left as they are. */
export const noInterface = 'none';

/** For each of the site's names of interfaces, the lab's name or `none`. */
export type InterfaceNames = Readonly<Record<string, string>>;

/** Replaces a name that the site uses for something else than the lab does. It is shorter than the kernel's limit of 15 letters. */
export const awayInterface = 'not-here';

/** A name that is kept as it is, because it cannot be told whether it is that of an interface there. */
export interface KeptName {
  readonly name: string;
  readonly key: 'nftables' | 'commands';
  /** The line of the text, or the number of the command, counted from 1. */
  readonly line: number;
  /** What keeps it from being told. */
  readonly why: 'variable' | 'put together' | 'program';
}

/** A rule set with the lab's interface names in place of the site's, and the places where nobody can tell whether a name is an interface. */
export interface Renamed {
  readonly rules: RuleSet;
  readonly kept: readonly KeptName[];
}

/**
 * Replaces the site's names of interfaces in a rule set by the lab's, but only where the syntax of a text or a command takes an interface. `eth+`
 * and `eth*` become what the names that they cover become. `around` are the rules of the node, whose sets an event's commands may name.
 */
export function renameInRules(rules: RuleSet, names: InterfaceNames, around: RuleSet = rules): Renamed {
  if (Object.keys(names).length === 0) return { rules, kept: [] };
  const calls = commandCalls(rules.commands);
  const statements = nftTextStatements(rules.nftables);
  const own = setsOf(rules, statements, calls);
  const sets =
    around === rules
      ? own
      : mergedSets([setsOf(around, nftTextStatements(around.nftables), commandCalls(around.commands)), own]);
  const nft = inNft(statements, sets, names);
  const commands = inCommands(calls, sets, names);
  const rename = (text: string | undefined, words: (text: string) => readonly Word[]) =>
    text === undefined ? undefined : replaced(text, words(text), names);
  // No name has a line's end in it, so each command keeps its lines.
  const lines = replaced(rules.commands.join('\n'), commands.words, names).split('\n');
  let at = 0;
  return {
    rules: {
      ipset: rename(rules.ipset, (text) => ipsetInterfaces(linesOf(text).map(iptablesWords), sets)),
      rules: rename(rules.rules, iptablesInterfaces),
      rules6: rename(rules.rules6, iptablesInterfaces),
      nftables: rename(rules.nftables, () => nft.words),
      commands: rules.commands.map((command) => {
        const from = at;
        at += command.split('\n').length;
        return lines.slice(from, at).join('\n');
      }),
    },
    kept: [...nft.kept, ...commands.kept],
  };
}

/** Replaces the site's name of an interface in a sysctl's name: `net.ipv4.conf.bond0.rp_filter`, `net.ipv4.conf.team0/100.rp_filter`. */
export function renameInSysctl(key: string, names: InterfaceNames): string {
  const [, before, name, after] = /^(net\.ipv[46]\.(?:conf|neigh)\.)(.+)(\.[^.]+)$/.exec(key) ?? [];
  const meant = name === undefined ? undefined : (names[name] ?? names[name.replaceAll('/', '.')]);
  return before === undefined || meant === undefined || meant === noInterface
    ? key
    : `${before}${meant}${after ?? ''}`;
}

/** What becomes of a name that is an interface's. */
function renamed(word: string, names: InterfaceNames): string {
  const isWildcard = /^[A-Za-z].*[+*]$/.test(word);
  const meant = Object.keys(names).filter(
    (name) =>
      name === word ||
      name === word.replaceAll('/', '.') ||
      (isWildcard && name.startsWith(word.slice(0, -1))),
  );
  const target =
    meant.map((name) => names[name]).find((name) => name !== noInterface) ?? names[meant[0] ?? ''];
  if (target === undefined) return word;
  if (target !== noInterface) return target;
  return isOfLab(word) ? awayInterface : word;
}

function isRenamed(word: string, names: InterfaceNames): boolean {
  return renamed(word, names) !== word;
}

function isOfLab(name: string): boolean {
  return /^eth\d$/.test(name);
}

/** The sets that rules make or add to, those of their commands among them. */
function setsOf(
  { ipset }: RuleSet,
  statements: readonly NftStatement[],
  calls: readonly CommandCall[],
): NamedSets {
  const lines = ipset === undefined ? [] : linesOf(ipset).map(iptablesWords);
  return new Map([
    ...nftSets([...statements, ...calls.flatMap(({ nft }) => nft)]),
    ...ipsetSets([...lines, ...calls.flatMap((call) => call.ipset)]),
  ]);
}

function iptablesInterfaces(text: string): readonly Word[] {
  return linesOf(text).flatMap((line) =>
    /^\s*[#*:]/.test(line.text) ? [] : interfacesOfOptions(optionsOf(iptablesWords(line))),
  );
}

interface Found {
  /** The words that are interfaces. */
  readonly words: readonly Word[];
  readonly kept: readonly KeptName[];
}

/** The interfaces of an nft text; a definition that is used as something else as well is left as it is. */
function inNft(statements: readonly NftStatement[], sets: NamedSets, names: InterfaceNames): Found {
  const words = new Set<Word>(nftInterfaces(statements, sets));
  const others = statements.flatMap((statement) =>
    statement.words.filter(
      (word) => word.variable !== undefined && !words.has(word) && isRenamed(word.text, names),
    ),
  );
  const taken = new Set(others.map(startOf));
  return {
    words: [...words].filter((word) => !taken.has(startOf(word))),
    kept: others.map(({ text, line }) => ({ name: text, key: 'nftables', line, why: 'variable' })),
  };
}

/** The interfaces of command lines, and words that may be some. */
function inCommands(calls: readonly CommandCall[], sets: NamedSets, names: InterfaceNames): Found {
  const words: Word[] = [];
  const kept: KeptName[] = [];
  const taken = new Set<number | undefined>();
  for (const call of calls) {
    const keep = (name: string, why: KeptName['why']): void => {
      kept.push({ name, key: 'commands', line: call.line + 1, why });
    };
    const own = interfacesOfCommand(call, sets);
    for (const word of own)
      if (spanOf(word) !== undefined) words.push(word);
      else if (isRenamed(word.text, names)) keep(word.text, 'put together');
    if (call.isSaying) continue;
    const starts = new Set(own.map(startOf));
    // What a variable is may be an interface in one place, and a chain or anything in another.
    for (const value of call.words.flatMap(({ values }) => values)) {
      if (starts.has(startOf(value)) || !isRenamed(value.text, names)) continue;
      taken.add(startOf(value));
      keep(value.text, 'variable');
    }
    if (namesOfCall(call).isKnown) continue;
    const others = [...call.words, ...call.files].flatMap((word) => namesIn(word, names));
    for (const other of others) if (!starts.has(startOf(other))) keep(other.text, 'program');
  }
  return { words: words.filter((word) => !taken.has(startOf(word))), kept };
}

/** The site's names where they stand alone in a word. */
function namesIn(word: Word, names: InterfaceNames): readonly Word[] {
  return [...word.text.matchAll(/(?<![\w.@$/{-])[A-Za-z][\w.@-]*[+*]?(?![\w@/-])/g)]
    .map(({ 0: text, index }) => sliceOf(word, index, index + text.length))
    .filter(({ text }) => isRenamed(text, names));
}

/** A text with words of it replaced by the lab's names. */
function replaced(text: string, words: readonly Word[], names: InterfaceNames): string {
  const spans = new Map<number, { readonly end: number; readonly to: string }>();
  for (const word of words) {
    const span = spanOf(word);
    if (span !== undefined && isRenamed(word.text, names))
      spans.set(span.start, { end: span.end, to: renamed(word.text, names) });
  }
  const parts: string[] = [];
  let from = 0;
  for (const [at, { end, to }] of [...spans].toSorted(([one], [other]) => one - other)) {
    parts.push(text.slice(from, at), to);
    from = end;
  }
  return [...parts, text.slice(from)].join('');
}

function startOf(word: Word): number | undefined {
  return spanOf(word)?.start;
}
