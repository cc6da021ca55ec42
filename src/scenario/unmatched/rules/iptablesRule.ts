import { type Option, silentOptions } from '../../syntax/iptables/iptablesOptions.js';
import { type TargetKind, targetKind } from '../../syntax/iptables/iptablesTargets.js';
import type { RuleTarget, WrittenRule } from '../../syntax/iptables/iptablesText.js';
import { portRanges } from '../../syntax/ports.js';
import type { Side } from '../../syntax/subject.js';
import { markCondition } from './conditions.js';
import { markSettings } from './iptablesMarks.js';
import type { Condition, Ending, MarkSetting, MatchTerm, Rule } from './rule.js';
import { usesOf } from './targets.js';

const address =
  (side: Side) =>
  (list: string): Condition => ({ kind: 'address', side, ranges: list.split(',') });

/** Names of options, each with what it asks; `modules` are the matches loaded so far, for options that several have. */
const options: Readonly<Record<string, (value: string, modules: readonly string[]) => Condition>> = {
  '-i': (name) => ({ kind: 'interface', way: 'in', names: [wildcard(name)] }),
  '-o': (name) => ({ kind: 'interface', way: 'out', names: [wildcard(name)] }),
  '--physdev-in': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '--physdev-out': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '-s': address('source'),
  '-d': address('destination'),
  '--src-range': address('source'),
  '--dst-range': address('destination'),
  '--ctorigsrc': address('source'),
  '--ctorigdst': address('destination'),
  // What comes back goes to where the first packet came from.
  '--ctreplsrc': address('destination'),
  '--ctrepldst': address('source'),
  '--vaddr': address('destination'),
  '--tunnel-src': address('source'),
  '--tunnel-dst': address('destination'),
  '-p': (name) => ({ kind: 'protocol', names: [name.toLowerCase()] }),
  '--dport': (list) => ({ kind: 'ports', side: 'destination', ranges: portRanges([list]) }),
  '--sport': (list) => ({ kind: 'ports', side: 'source', ranges: portRanges([list]) }),
  '--ports': (list) => ({ kind: 'ports', side: 'either', ranges: portRanges([list]) }),
  '--uid-owner': (name) => ({ kind: 'user', names: [name] }),
  '--gid-owner': (name) => ({ kind: 'group', names: [name] }),
  '--mac-source': (name) => ({ kind: 'mac', side: 'source', names: [name] }),
  '--src-group': (name) => ({ kind: 'devgroup', names: [name] }),
  '--dst-group': (name) => ({ kind: 'devgroup', names: [name] }),
  '--state': () => ({ kind: 'state' }),
  '--ctstate': () => ({ kind: 'state' }),
  '--realm': (name) => ({ kind: 'realm', names: [name] }),
  '--path': (name) => ({ kind: 'cgroup', names: [name] }),
  '--mark': (text, modules) => {
    const [value = '', mask] = text.split('/');
    // Where both are loaded, the last is meant.
    return markCondition(
      modules.lastIndexOf('connmark') > modules.lastIndexOf('mark') ? 'connection' : 'packet',
      [value],
      mask,
    );
  },
};

/** What a rule asks and does, and the marks that it sets. `keyOf` gives the key of a chain that it may lead to. */
export function iptablesRule(
  { at, options: written, target }: WrittenRule<number>,
  keyOf: (name: string) => string,
): { readonly rule: Rule; readonly marks: readonly MarkSetting[] } {
  const asked = askedIn(written);
  if (target === undefined)
    return { rule: { line: at, asked, ending: { kind: 'nothing' }, uses: [] }, marks: [] };
  const { name, options: ofTarget } = target;
  const texts = ofTarget.flatMap(({ option, values }) => [option, ...values.map(({ text }) => text)]);
  return {
    rule: { line: at, asked, ending: endingOf(target, keyOf), uses: usesOf(name, ofTarget) },
    marks: markSettings(name, texts),
  };
}

function askedIn(written: readonly Option[]): readonly MatchTerm[] {
  const asked: MatchTerm[] = [];
  const modules: string[] = [];
  for (const { option, values, negated } of written) {
    const texts = values.map(({ text }) => text);
    const [value = ''] = texts;
    if (option === '-m') modules.push(value);
    else if (!asksNothing(option, value)) asked.push({ ...conditionOf(option, texts, modules), negated });
  }
  return asked;
}

function asksNothing(option: string, value: string): boolean {
  return silentOptions.includes(option) || (option === '-p' && ['all', '0', 'ip'].includes(value));
}

function conditionOf(option: string, values: readonly string[], modules: readonly string[]): Condition {
  const [value = '', flags = ''] = values;
  const isSet = option === '--match-set' || (option === '--set' && modules.includes('set'));
  if (isSet) return { kind: 'set', name: value, sides: flags.split(',').map(sideOf) };
  return Object.hasOwn(options, option)
    ? (options[option]?.(value, modules) ?? { kind: 'other' })
    : { kind: 'other' };
}

function sideOf(flag: string): Side {
  return flag === 'src' ? 'source' : flag === 'dst' ? 'destination' : 'other';
}

const endings: Readonly<Record<TargetKind, Exclude<Ending['kind'], 'jump' | 'goto'>>> = {
  accept: 'accept',
  return: 'return',
  refuse: 'refuse',
  divert: 'take',
  source: 'take',
  mark: 'change',
  track: 'change',
  answer: 'change',
  change: 'change',
  note: 'nothing',
};

function endingOf({ name, isGoto }: RuleTarget, keyOf: (name: string) => string): Ending {
  const kind = targetKind(name);
  if (isGoto || kind === undefined) return { kind: isGoto ? 'goto' : 'jump', chain: keyOf(name) };
  return { kind: endings[kind] };
}

/** `eth+` of iptables is `eth*` here, as nft writes it. */
function wildcard(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name;
}
