import type { IptablesFlavour } from '../../../contracts/words/nodes.js';
import { command } from './command.js';
import type { PlannedRules } from '../../model/planTypes.js';
import type { RuleSet } from '../../model/types.js';

/** Where the texts are written in a container. */
const folder = '/lab/rules';
/** All of them, one behind the other, as they come. */
const all = `${folder}/all`;

/** What is to be loaded into one node, with placeholders filled in. */
export interface RulesToLoad {
  readonly rules: RuleSet;
  readonly iptables: IptablesFlavour;
  readonly sysctls: Readonly<Record<string, string>>;
}

type TextName = 'ipset' | 'rules' | 'rules6' | 'nftables';

/**
 * The texts and one script that loads them: sysctls, sets, rules, command lines, in this order, up to the first thing refused.
 * Before each step it prints `@@ step NAME` to stderr. Undefined: there is nothing to load.
 *
 * The script reads the texts from its standard input, all of them, and cuts them apart by their sizes: nothing in them can be taken for shell, and
 * they may be longer than the 128 KiB that Linux takes as one argument. bash, because only its functions can be called `iptables-save`.
 */
export function plannedRules(
  purpose: string,
  { rules, iptables, sysctls }: RulesToLoad,
): PlannedRules | undefined {
  const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}`);
  const texts = textsOf(rules);
  if (settings.length === 0 && texts.length === 0 && rules.commands.length === 0) return undefined;
  const cut = new Cutter();
  const script = [
    `step() { printf '@@ step %s\\n' "$1" >&2; }`,
    ...(rules.commands.length === 0 ? [] : flavourFunctions(iptables)),
    ...(texts.length === 0 && rules.commands.length === 0
      ? []
      : [`mkdir -p ${folder}`, `cat >${all}`, `part() { tail -c "+$1" ${all} | head -c "$2"; }`]),
    ...(settings.length === 0 ? [] : ['step sysctls', 'sysctl -qw "$@"']),
    ...texts.flatMap(([name, text]) => [
      `step ${name}`,
      `${cut.next(text)} >${folder}/${name}`,
      loaders[name](`${folder}/${name}`, iptables),
    ]),
    ...rules.commands.flatMap((line, index) => [
      `step commands:${index + 1}`,
      `eval "$(${cut.next(`${line}\n`)})"`,
    ]),
  ].join('\n');
  return {
    texts: {
      ...Object.fromEntries(texts),
      ...(rules.commands.length > 0 && { commands: rules.commands.join('\n') }),
    },
    load: command(purpose, ['bash', '-ec', script, 'bash', ...settings]),
  };
}

/** What the script that loads the texts reads from its standard input. */
export function inputOf({ texts }: PlannedRules): string {
  return ['ipset', 'rules', 'rules6', 'nftables', 'commands'].map((name) => texts[name] ?? '').join('');
}

/** Says where in all the texts the next one is: bytes, counted from 1. */
class Cutter {
  #at = 1;

  next(text: string): string {
    const bytes = Buffer.byteLength(text);
    const part = `part ${this.#at} ${bytes}`;
    this.#at += bytes;
    return part;
  }
}

const loaders: Readonly<Record<TextName, (file: string, flavour: IptablesFlavour) => string>> = {
  ipset: (file) => `ipset restore -exist <${file}`,
  rules: (file, flavour) => `iptables-${flavour}-restore ${file}`,
  rules6: (file, flavour) => `ip6tables-${flavour}-restore ${file}`,
  nftables: (file) => `nft -f ${file}`,
};

/** Those that are there, in the order of loading; the tools want a line end behind the last line. */
function textsOf({ ipset, rules, rules6, nftables }: RuleSet): readonly (readonly [TextName, string])[] {
  const all: readonly (readonly [TextName, string | undefined])[] = [
    ['ipset', ipset],
    ['rules', rules],
    ['rules6', rules6],
    ['nftables', nftables],
  ];
  return all.flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text.endsWith('\n') ? text : `${text}\n`] as const],
  );
}

/** In command lines, the plain names are the flavour's programs. */
function flavourFunctions(flavour: IptablesFlavour): readonly string[] {
  return ['iptables', 'ip6tables'].flatMap((program) =>
    ['', '-save', '-restore'].map(
      (suffix) => `${program}${suffix}() { ${program}-${flavour}${suffix} "$@"; }`,
    ),
  );
}
